import type { ErrorCode } from "../shared/errors.ts";
import type { BoardStateKind } from "./board-status.ts";

/**
 * The state that one failed exchange alone puts a board into, or null when it takes several in a row. `isMicroPython`: it
 * was identified before, or its USB ids say so.
 */
export function stateAfter(code: ErrorCode, isMicroPython: boolean): BoardStateKind | null {
  switch (code) {
    case "no-prompt":
    case "prompt-unfinished":
      return "busy";
    // An application may print what another device would say.
    case "not-micropython":
    case "foreign-device":
      return isMicroPython ? "busy" : "foreign";
    case "interrupt-ignored":
      return isMicroPython ? "unresponsive" : "foreign";
    case "baud-rate-wrong":
      return "unresponsive";
    default:
      return null;
  }
}
