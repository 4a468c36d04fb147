import type { Alert } from "../../src/heap/reading.ts";
import { sampleTime } from "./samples.ts";

export const boardId = "e6614103e7452d2f";

/** An alert that began to fire, not stored yet; `change` overrides fields. */
export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: null,
    boardId,
    at: sampleTime,
    rule: "little-room",
    condition: "utilization > 90 % after collection for 3 readings",
    severity: "warning",
    state: "firing",
    since: sampleTime,
    value: 0.93,
    message: "greenhouse: heap utilization after a collection is 93 %, above 90 %.",
    ...change,
  };
}
