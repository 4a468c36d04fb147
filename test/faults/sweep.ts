import { expect } from "vitest";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import { Bench, type BenchOptions } from "./bench.ts";
import { conducts } from "./conduct.ts";
import { type Limits, type Outcome, readsOn } from "./outcome.ts";
import { type Blow, type Stage, type Struck, setTheStage, strike } from "./strike.ts";

/** One failure tells too little of what goes wrong, and the last ones nothing new. */
const MOST_FAILURES = 5;

/** Strikes one bench again and again, each time with the next of `blows`. */
export async function sweep(
  policy: WhenBusy,
  limits: Limits,
  blows: (clean: Stage["clean"]) => readonly Blow[],
  options: Pick<BenchOptions, "maps"> = {},
): Promise<Outcome> {
  const conduct = conducts[policy];
  const bench = await Bench.open({ policy, board: conduct.board, ...options });
  try {
    const stage = await setTheStage(bench, conduct);
    const struck: Struck[] = [];
    const failures: string[] = [];
    for (const blow of blows(stage.clean)) {
      try {
        struck.push(await strike(stage, blow));
      } catch (error) {
        failures.push(`${JSON.stringify(blow)}: ${String(error)}${bench.tell()}`);
        if (failures.length >= MOST_FAILURES) break;
      }
    }
    expect(failures.join("\n\n")).toBe("");
    return readsOn(struck, limits);
  } finally {
    await bench.close();
  }
}
