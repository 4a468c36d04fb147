import Type from "typebox";
import { HistoryQuerySchema } from "./schemas-http.ts";

export const AlertsQuerySchema = Type.Object(
  {
    board: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "The board's id or name. Default: all." }),
    ),
    state: Type.Optional(
      Type.Enum(["firing", "resolved", "all"], {
        default: "firing",
        description: "firing: what fires now; all: every change; resolved: every change that ended an alert.",
      }),
    ),
    severity: Type.Optional(
      Type.Enum(["info", "warning", "critical"], { description: "Only alerts of this severity." }),
    ),
    ...HistoryQuerySchema.properties,
  },
  { additionalProperties: false },
);
