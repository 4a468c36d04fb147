import type { ErrorCode } from "../shared/errors.ts";
import type { BoardStateKind } from "./board-status.ts";

/** The state that one failed exchange alone puts a board into, or null when it takes several in a row. */
export function stateAfter(code: ErrorCode, wasIdentified: boolean): BoardStateKind | null {
  switch (code) {
    case "no-prompt":
      return "busy";
    case "not-micropython":
      return wasIdentified ? "busy" : "foreign";
    default:
      return null;
  }
}
