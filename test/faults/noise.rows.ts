import { expect } from "vitest";
import type { FaultPlan } from "../../src/emulator/faults.ts";
import { Bench, FACTOR } from "./bench.ts";
import { conducts } from "./conduct.ts";
import type { Row } from "./row.ts";
import { setTheStage } from "./strike.ts";

const WHILE_MS = 20_000;

/** What lasts for a while, and then ends. */
function spell(fault: string, plan: FaultPlan): Row {
  return {
    fault,
    async run(policy) {
      const conduct = conducts[policy];
      const bench = await Bench.open({ policy, board: conduct.board });
      try {
        const { truth } = await setTheStage(bench, conduct);
        await conduct.calm(bench);
        const [storedBefore, missedBefore] = [bench.stored.length, bench.missed.length];
        await bench.board.setFaults(plan);
        conduct.go(bench);
        await bench.pass(WHILE_MS);
        const read = bench.stored.length - storedBefore;
        const lost = bench.missed.length - missedBefore;
        await bench.board.setFaults([]);
        bench.wire.mark();
        const sinceMs = bench.nowMs();
        const storedThen = bench.stored.length;
        await bench.until("a reading", () => bench.stored.length > storedThen);
        const recoverMs = (bench.stored[storedThen]?.atMs ?? Number.NaN) - sinceMs;
        await conduct.kept(bench, true);
        const stored = bench.stored.slice(storedBefore);
        expect(stored.flatMap(({ reading }) => truth.problemsOf(reading)).join("; ")).toBe("");
        await bench.until("it is ready", () => bench.snapshot.state.kind === "ready");
        expect(recoverMs).toBeLessThanOrEqual(40_000);
        return {
          text: read === 0 ? "waits until it ends" : "reads on",
          lost: `${lost} of ${read + lost} lost`,
          recoverMs,
        };
      } finally {
        await bench.close();
      }
    },
  };
}

/** The board's answers come slowly, so that the lines get between their bytes. */
function flood(seconds: number): Row {
  return spell(`flood: a line every ${seconds} s, into answers too, for 20 s`, [
    { kind: "flood", text: "light 512\r\n", everyMs: (seconds * 1_000) / FACTOR },
    { kind: "split", chunkBytes: 32, gapMs: 10 / FACTOR },
  ]);
}

export const noiseRows: readonly Row[] = [
  flood(0.5),
  flood(0.03),
  spell("wrong baud rate, for 20 s", [{ kind: "baud" }]),
];
