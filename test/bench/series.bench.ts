import { metricNames } from "../../src/store/metrics.ts";
import { openStore } from "../../src/store/open-store.ts";
import { seeded } from "../support/seeded.ts";
import { simulatedYear } from "../support/simulated-history.ts";
import type { BenchReport } from "./harness.ts";
import { yearDays, yearOfHistory } from "./year-of-history.ts";

const dayMs = 86_400_000;
const points = 500;
/** Of each metric and range. */
const queries = 20;
const [limitMedianMs, limitP99Ms, limitMegabytes] = [50, 150, 400];

const ranges = [
  ["an hour", dayMs / 24],
  ["a day", dayMs],
  ["a week", 7 * dayMs],
  // The most that is made of minutes.
  ["20 days", 20 * dayMs],
  ["a month", 30 * dayMs],
  ["a quarter", 91 * dayMs],
  ["a year", 365 * dayMs],
] as const;

/**
 * 500 points of every metric from a year of one board, for ranges of all lengths that lie anywhere in it. No floor: limits
 * are what a person waits for a chart. The size of the history is measured beside.
 */
export async function run(report: BenchReport): Promise<void> {
  const { file, bytes } = yearOfHistory((line) => console.log(line));
  const megabytes = bytes / 1e6;
  report.line(
    "a year of one board, size",
    `${megabytes.toFixed(0)} MB`,
    `${limitMegabytes} MB`,
    megabytes / limitMegabytes,
    1,
  );
  const store = openStore({ file });
  try {
    const random = seeded(7);
    const { boardId, startMs } = simulatedYear;
    const endMs = startMs + yearDays * dayMs;
    for (const [name, rangeMs] of ranges) {
      const times: number[] = [];
      for (let query = 0; query < queries; query++) {
        for (const metric of metricNames) {
          const fromMs = Math.round(startMs + random() * Math.max(0, endMs - startMs - rangeMs));
          const beforeMs = performance.now();
          const { buckets } = store.series(boardId, { metric, fromMs, toMs: fromMs + rangeMs, points });
          times.push(performance.now() - beforeMs);
          if (buckets.length === 0) throw new Error(`${metric} of ${name} from ${fromMs} on is empty`);
        }
      }
      times.sort((one, other) => one - other);
      for (const [what, share, limitMs] of [
        ["median", 0.5, limitMedianMs],
        ["p99", 0.99, limitP99Ms],
      ] as const) {
        const ms = times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
        report.line(`series of ${name}, ${what}`, `${ms.toFixed(1)} ms`, `${limitMs} ms`, ms / limitMs, 1);
      }
    }
  } finally {
    store.close();
  }
}
