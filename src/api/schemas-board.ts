import Type from "typebox";
import { isoTime, nullable, ReadingSchema } from "./schemas-reading.ts";

export const boardStateKinds = [
  "connecting",
  "ready",
  "aiorepl",
  "helper",
  "busy",
  "unresponsive",
  "foreign",
  "rebooting",
  "console",
  "released",
  "disconnected",
] as const;

const BoardStateSchema = Type.Object({
  kind: Type.Enum([...boardStateKinds], {
    description:
      "connecting: looking for the prompt; ready: read on its interval; aiorepl: the same through the application's aiorepl; helper: its application reports by itself, and nothing is written to it; busy: a program holds the prompt, heapscope waits; unresponsive: open but silent or failing; foreign: not MicroPython, left alone; rebooting: it restarts again and again; console: its console is open through heapscope, readings pause; released: the port is lent to another program; disconnected: the port is gone.",
  }),
  since: isoTime("UTC: since when."),
  message: Type.String({ description: "One sentence for people: what it means and what to do." }),
});

const BoardFactsSchema = Type.Object({
  platform: Type.String({ description: "sys.platform, such as rp2." }),
  firmware: Type.String({ description: "Such as MicroPython v1.27.0 on 2025-12-10." }),
  machine: nullable(Type.String({ description: "sys.implementation._machine; null before v1.20 or so." })),
  uniqueId: nullable(Type.String({ description: "machine.unique_id() in hexadecimal." })),
  hasMemInfo: Type.Boolean({
    description: "False: readings come from gc.mem_alloc() and gc.mem_free() and know totals only.",
  }),
});

const BoardCountsSchema = Type.Object(
  {
    readings: Type.Integer(),
    maps: Type.Integer(),
    collections: Type.Integer(),
    missed: Type.Integer(),
    overlapped: Type.Integer({ description: "Due while another exchange was running. Part of missed." }),
    discarded: Type.Integer({ description: "Answers that did not add up, thrown away and asked for again." }),
    restarts: Type.Integer({
      description: "Restarts that nobody asked for, as far as they show on the port.",
    }),
  },
  { description: "Since heapscope started." },
);

export const BoardSnapshotSchema = Type.Object(
  {
    id: Type.String({ description: "USB serial number, else machine.unique_id(), else the port." }),
    name: Type.String({ description: "The configured name, else the id." }),
    port: Type.String({
      description:
        "The URL it is opened by, such as serial:/dev/ttyACM0; empty where only an import knows the board.",
    }),
    emulated: Type.Boolean({ description: "True for the bundled emulated board." }),
    state: BoardStateSchema,
    facts: nullable(BoardFactsSchema),
    counts: BoardCountsSchema,
    probeGarbageBytes: nullable(
      Type.Integer({ description: "Garbage that one basic reading leaves on the board. Bytes." }),
    ),
    readIntervalMs: nullable(
      Type.Number({
        description:
          "A reading is due so often while the board is ready, aiorepl or helper. Milliseconds. Null: an older heapscope stored this.",
      }),
    ),
    lastReading: nullable(ReadingSchema),
  },
  { title: "Board", description: "What a board is and is doing." },
);
