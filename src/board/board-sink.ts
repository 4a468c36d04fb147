import type { Collection, Missed, Reading } from "../heap/reading.ts";
import type { BoardSnapshot } from "./board-status.ts";

export type NewReading = Reading & { readonly boardId: string; readonly at: string };

/**
 * Where a board's results go: the pipeline. Each call stores and publishes before it returns, and gives the stored
 * row back with its id. A reading's is below zero while it waits to be stored, for the collection that names it.
 */
export interface BoardSink {
  acceptReading(reading: NewReading, dump: Uint8Array | null): Reading & { readonly id: number };
  acceptCollection(collection: Collection): Collection;
  acceptMissed(missed: Missed): void;
  /** The board's state or facts changed. */
  acceptBoard(snapshot: BoardSnapshot): void;
}

/** The id that others may know: null for what waits to be stored. */
export function knownId(id: number | null): number | null {
  return id !== null && id > 0 ? id : null;
}
