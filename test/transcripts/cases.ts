import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type FaultPlan, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { type Clock, sleep, systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { startMicroBitOverTcp } from "../hardware/micro-bit.ts";

/** A run of the daemon that is worth keeping. */
export interface CaseRecipe {
  readonly shows: string;
  readonly board: string;
  readonly source: string;
  /** Configuration of the daemon. No two things may be due at the same time: which comes first would be chance. */
  readonly config: Readonly<Record<string, unknown>>;
  /** How long the daemon runs. */
  readonly seconds: number;
  /** A state or a cause that must come of it, else the recipe has to be mended. */
  readonly mustShow?: string;
  start(): Promise<Device>;
}

interface Device {
  readonly url: string;
  /** Called when the daemon begins to watch. */
  readonly watched?: () => Promise<void>;
  stop(): Promise<void>;
}

const emulated = "emulated board (MicroPython's WebAssembly port), no application";
/** Bytes of an exchange that only a map has. */
const MID_MAP = { at: 500, each: true };
const record = "recorded by test/transcripts/record.ts";

/** One map at first, then none: whether a second one is worth its cost depends on how fast this machine is. */
function sampling(readIntervalSeconds: number, collectIntervalSeconds: number, mapSharePercent = 1e-6) {
  return {
    sampling: { readIntervalSeconds, collectIntervalSeconds, mapIntervalSeconds: 0, mapSharePercent },
  };
}

export const recipes: Readonly<Record<string, CaseRecipe>> = {
  "emulated-map-and-collect": {
    shows: "identification, a verified map, basic readings and two collections by raw-paste",
    board: emulated,
    source: record,
    config: sampling(1, 2.5),
    seconds: 5.8,
    start: () => startEmulatedBoard({ app: null }),
  },
  "microbit-plain": {
    shows: "old firmware without raw-paste: programs in pieces, its utime, its old map format",
    board: "BBC micro:bit (nRF51) in QEMU 7.2 or later",
    source: `${record}, serial port over TCP`,
    config: sampling(2, 5),
    seconds: 11,
    start: startMicroBitOverTcp,
  },
  "reset-in-mid-dump": {
    shows: "the board restarts in the middle of its map; the next reading finds it at its prompt again",
    board: emulated,
    source: `${record}, fault plan of the emulator`,
    config: sampling(1, 0),
    seconds: 6.5,
    mustShow: "board-reset",
    start: () => faultyBoard([{ kind: "reset", ...MID_MAP }], 500),
  },
  "answer-cut-off": {
    shows: "a map stops in its middle and goes on long after: a discarded reading, its late rest, recovery",
    board: emulated,
    source: `${record}, fault plan of the emulator`,
    config: sampling(1, 0),
    seconds: 7.5,
    mustShow: "answer-silent",
    start: () => faultyBoard([{ kind: "stall", ...MID_MAP, ms: null }], 2_700),
  },
  "left-in-raw-mode": {
    shows:
      "noise and the rest of a foreign exchange wait at the port, and half a line was left at the raw prompt",
    board: emulated,
    source: `${record}, through a relay that puts the left-overs before what the board says`,
    config: sampling(1, 0),
    seconds: 4.5,
    start: startLeftBoard,
  },
  "damaged-answers": {
    shows: "bytes lost, doubled and flipped on the way: what does not add up is asked for again",
    board: emulated,
    source: `${record}, fault plan of the emulator`,
    config: sampling(1, 2.5),
    seconds: 10.5,
    mustShow: "dump-damaged",
    start: () => faultyBoard(oneByteEvery(800), null),
  },
  "foreign-gps": {
    shows: "a device that talks by itself and is no MicroPython board is left alone",
    board: "a GPS receiver, made up: a TCP server that prints NMEA sentences once a second",
    source: record,
    config: sampling(2, 0),
    seconds: 9.3,
    mustShow: "foreign",
    start: () => startGps(systemClock),
  },
};

/** Every so many bytes one is flipped, lost or doubled, in turn. Not before the board is identified, or it never is. */
function oneByteEvery(bytes: number): FaultPlan {
  return [0, 3, 6, 9].flatMap((count): FaultPlan => {
    const from = 2_000 + count * bytes;
    return [
      { kind: "garble", at: from },
      { kind: "drop", at: from + bytes },
      { kind: "double", at: from + 2 * bytes },
    ];
  });
}

/** `healedMs`: so long after the daemon began, the faults end; null = never. */
async function faultyBoard(faults: FaultPlan, healedMs: number | null): Promise<Device> {
  const board = await startEmulatedBoard({ app: null });
  await board.setFaults(faults);
  const heal = async (ms: number): Promise<void> => {
    await sleep(systemClock, ms);
    await board.setFaults([]);
  };
  return { url: board.url, stop: board.stop, ...(healedMs !== null && { watched: () => heal(healedMs) }) };
}

/** What waits: line noise, the end of an answer, and a raw prompt that was asked for by somebody else. */
const leftOvers = "\x00\xff\xfeGA\x80\r\nGC: total: 64000, us\x04\x04>raw REPL; CTRL-B to exit\r\n>";

async function startLeftBoard(): Promise<Device> {
  const board = await startEmulatedBoard({ app: null });
  const port = await openPort(board.url);
  let client: Socket | null = null;
  port.listen((bytes) => client?.write(bytes));
  await port.write(Buffer.from("\r\x01print('half a li"));
  await sleep(systemClock, 500);
  const relay = await listen((socket) => {
    client = socket;
    socket.write(Buffer.from(leftOvers, "latin1"));
    socket.on("data", (bytes) => void port.write(bytes));
  });
  return {
    url: relay.url,
    stop: async () => {
      await relay.stop();
      await port.close();
      await board.stop();
    },
  };
}

const sentences =
  "$GPGGA,120000.00,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*64\r\n" +
  "$GPRMC,120000.00,A,4807.038,N,01131.000,E,022.4,084.4,221126,003.1,W*45\r\n";

function startGps(clock: Clock): Promise<Device> {
  return listen((socket) => {
    const stop = new AbortController();
    socket.on("close", () => stop.abort());
    socket.resume();
    const talk = async (): Promise<void> => {
      for (;;) {
        await sleep(clock, 1_000, stop.signal);
        socket.write(sentences);
      }
    };
    talk().catch(() => {});
  });
}

async function listen(onClient: (socket: Socket) => void): Promise<Device> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {});
    onClient(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    url: `tcp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    stop: async () => void server.close(),
  };
}
