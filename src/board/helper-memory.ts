import { HelperSequence } from "./helper-sequence.ts";

/** What is known of a board's helper from one connection to the next. */
export class HelperMemory {
  readonly sequence = new HelperSequence();
  /** How often it reports by itself; null: it has not said so, or it is not known that there is one. */
  intervalMs: number | null;
  /** Of the last map. */
  blockSizeBytes: number | null = null;

  /** `intervalMs`: as the history shows it. */
  constructor(intervalMs: number | null) {
    this.intervalMs = intervalMs;
  }
}
