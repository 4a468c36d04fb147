import { DaemonMetrics } from "../../src/app/metrics/daemon-metrics.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { sampleCollection, sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";
import type { BenchReport } from "./harness.ts";

const boardCount = 64;
const warmUpRounds = 100;
const rounds = 400;
const limitMs = 5;

/**
 * One scrape of a daemon with 64 boards, all their series there, as bytes for the socket. Floor: the same lines from strings
 * that are ready, with nothing to collect, sort or escape, and only the numbers to write.
 */
export async function run(report: BenchReport): Promise<void> {
  const boards = Array.from({ length: boardCount }, (_, index): BoardSnapshot => {
    return sampleSnapshot({ id: `e6614103e7452d${index}`, name: `greenhouse-${index}` });
  });
  const metrics = new DaemonMetrics({
    clock: systemClock,
    version: "0.1.0",
    boards: () => boards,
    feed: () => ({ clientCount: 3, waiting: 0, published: 1_000_000, cutOffs: 2 }),
    history: () => ({ waiting: 0, dropped: 0 }),
    firingAlerts: () => [],
  });
  try {
    for (const { id: boardId } of boards) {
      metrics.noteReading(sampleReading({ boardId, phase: "after-collect" }));
      metrics.noteCollection(sampleCollection({ boardId }));
      metrics.noteMissed(sampleMissed({ boardId }));
    }
    const lines = (await metrics.text()).split("\n").map((line) => {
      const at = line.lastIndexOf(" ") + 1;
      return { head: line.slice(0, at), value: Number(line.slice(at)) };
    });
    const ours: number[] = [];
    const floor: number[] = [];
    let written = 0;
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      written += Buffer.from(await metrics.text()).length;
      const betweenMs = performance.now();
      written += Buffer.from(concatenated(lines)).length;
      ours.push(betweenMs - startMs);
      floor.push(performance.now() - betweenMs);
    }
    if (written === 0) throw new Error("nothing was written");
    const [oursMs, floorMs] = [median(ours.slice(warmUpRounds)), median(floor.slice(warmUpRounds))];
    const name = `scrape of ${boardCount} boards, ${lines.length} lines`;
    const text = (ms: number): string => `${ms.toFixed(2)} ms`;
    report.line(name, text(oursMs), text(floorMs), oursMs / floorMs, 20);
    report.line(`${name}, limit`, text(oursMs), text(limitMs), oursMs / limitMs, 1);
  } finally {
    metrics.stop();
  }
}

function concatenated(lines: readonly { readonly head: string; readonly value: number }[]): string {
  let text = "";
  for (const { head, value } of lines) text += `${head}${value}\n`;
  return text;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >>> 1] ?? Number.NaN;
}
