import type { WhenBusy } from "../../src/board/when-busy.ts";
import type { Outcome } from "./outcome.ts";

/** A row of the matrix: one fault, under each policy. */
export interface Row {
  readonly fault: string;
  /** Does it and says what came of it; throws where that is not what it should be. */
  run(policy: WhenBusy): Promise<Outcome>;
}
