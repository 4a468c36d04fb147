import Type from "typebox";
import { isoTime } from "./schemas-reading.ts";

export const ExportQuerySchema = Type.Object(
  {
    format: Type.Optional(
      Type.Enum(["ndjson", "csv"], { default: "ndjson", description: "Form of the file." }),
    ),
    type: Type.Optional(
      Type.Enum(["reading", "collection", "missed", "board", "alert"], {
        description: "Only this kind of event. CSV has one kind: readings where none is named, never board.",
      }),
    ),
    from: Type.Optional(isoTime("Not before this time (included).")),
    to: Type.Optional(isoTime("Before this time (excluded).")),
    maps: Type.Optional(
      Type.Boolean({
        default: false,
        description: "With each reading the dump of its map, base64 (NDJSON).",
      }),
    ),
  },
  { additionalProperties: false },
);
