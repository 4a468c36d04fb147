import Type from "typebox";
import { isoTime, nullable } from "./schemas-reading.ts";

export const BoardTrendSchema = Type.Object(
  {
    boardId: Type.String(),
    at: nullable(isoTime("UTC: when it was computed, of the seven days before. Null: not yet.")),
    leakBytesPerHour: nullable(
      Type.Number({
        description:
          "What collections leave behind, more from hour to hour. 0: no significant trend, or memory shrinks. Null: too little data, or none of late.",
      }),
    ),
    timeToExhaustionSeconds: nullable(
      Type.Number({
        minimum: 0,
        description: "From at until the heap is full. Null: that is not in sight, or not known.",
      }),
    ),
  },
  { title: "BoardTrend", description: "What a board's heap is coming to." },
);
