import Type from "typebox";
import { isoTime, markKind, nullable } from "./schemas-reading.ts";

const bytes = (description: string) => nullable(Type.Integer({ description: `${description} Bytes.` }));

export const MarkSchema = Type.Object(
  {
    readingId: Type.Integer({ description: "The reading that was taken there; pass it as after." }),
    boardId: Type.String(),
    at: isoTime("UTC."),
    kind: markKind,
    label: Type.String({ description: "As the application gave it; empty where it gave none." }),
    run: Type.String({ description: "Which start of the helper." }),
    sequence: Type.Integer({ description: "Number of the helper's frame in that run." }),
    usedBytes: Type.Integer({ description: "Heap in use there. Bytes." }),
    largestFreeBytes: bytes("The largest allocation that could succeed there."),
    cost: nullable(
      Type.Object(
        {
          beginId: nullable(Type.Integer({ description: "The reading before the block." })),
          endId: nullable(Type.Integer({ description: "The reading right after it." })),
          netBytes: bytes("What the block left allocated: settled − begin."),
          garbageBytes: bytes("What it left as garbage: end − settled."),
          largestFreeChangeBytes: bytes("settled − begin; below zero, it took the largest free piece."),
        },
        { description: "Of settled marks: what the measured block cost. Null: a frame of it is missing." },
      ),
    ),
  },
  { title: "Mark", description: "A place in the application's code that its helper marked." },
);
