import Type from "typebox";
import { isoTime, listOf } from "./schemas-reading.ts";

export const defaultConsoleLimit = 200;

export const ConsoleQuerySchema = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "Only lines with a greater number, in order: pass next of the answer before. A number that was not reached yet is from before a restart and gives all. Without it: the newest, oldest first.",
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: defaultConsoleLimit,
        description: "At most so many lines.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const ConsoleLogSchema = Type.Object(
  {
    boardId: Type.String(),
    lines: listOf(
      Type.Object({
        number: Type.Integer({ description: "Rises by one from line to line, from 1." }),
        at: isoTime("UTC: when the line began to come."),
        text: Type.String({
          description:
            "What the board printed, without its end. A line longer than 512 bytes comes in pieces, one that is not ended within a second too; escape sequences are left out, other control characters are shown as symbols.",
        }),
      }),
      { description: "Oldest first." },
    ),
    next: Type.Integer({ description: "The number of the last line here: pass it as after to go on." }),
    dropped: Type.Integer({
      description: "Lines that made room for newer ones, since the board is watched.",
    }),
  },
  {
    title: "ConsoleLog",
    description:
      "What a board printed beside its answers. Kept in memory: the newest 1000 lines and 64 KiB of a board. Prompts and banners of the REPL that heapscope causes are left out as far as they can be told.",
  },
);
