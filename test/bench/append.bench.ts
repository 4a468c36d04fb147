import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../src/store/open-database.ts";
import { openStore } from "../../src/store/open-store.ts";
import { insertReading, readingFigures } from "../../src/store/reading-row.ts";
import type { NewEvent } from "../../src/store/store-types.ts";
import { simulatedHistory, simulatedYear } from "../support/simulated-history.ts";
import type { BenchReport } from "./harness.ts";

const batchReadings = 500;
const warmUpBatches = 20;
const batches = 300;
const leastPerSecond = 20_000;
const limit = 2;

/**
 * Basic readings into a history on disk, 500 a batch: ids, roll-ups and all. Floor: a prepared insert of the same rows, whose
 * ids and values are ready, into the same table with the same indexes and pragmas, in transactions of the same size.
 */
export async function run(report: BenchReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-append-"));
  const store = openStore({ file: join(folder, "ours.db") });
  const bare = openBare(join(folder, "floor.db"));
  try {
    const ours: number[] = [];
    const floor: number[] = [];
    let firstId = 1;
    let index = 0;
    // Each batch is made when it is needed: a large heap would slow down the one of the two that allocates.
    for (const batch of readings()) {
      const rows = bare.rowsOf(batch, firstId);
      firstId += batch.length;
      const startMs = performance.now();
      store.append(batch);
      const betweenMs = performance.now();
      bare.insert(rows);
      const endMs = performance.now();
      if (index++ < warmUpBatches) continue;
      ours.push(betweenMs - startMs);
      floor.push(endMs - betweenMs);
    }
    const perSecond = (batchMs: number): number => (batchReadings * 1000) / batchMs;
    const text = (ms: number): string => `${Math.round(perSecond(ms))} /s`;
    const [oursMs, floorMs] = [median(ours), median(floor)];
    report.line("append readings, batches of 500", text(oursMs), text(floorMs), oursMs / floorMs, limit);
    // All in all, with checkpoints of the write-ahead log.
    const meanMs = ours.reduce((sum, ms) => sum + ms, 0) / ours.length;
    const least = `${leastPerSecond} /s`;
    report.line("append readings, all in all", text(meanMs), least, leastPerSecond / perSecond(meanMs), 1);
  } finally {
    store.close();
    bare.close();
    rmSync(folder, { recursive: true });
  }
}

function readings(): Iterable<readonly NewEvent[]> {
  const total = (warmUpBatches + batches) * batchReadings;
  const days = (total * simulatedYear.readIntervalMs) / 86_400_000;
  const plan = { days, collectIntervalMs: 0, mapIntervalMs: 0, missedShare: 0, batchEvents: batchReadings };
  return simulatedHistory(plan);
}

function openBare(file: string) {
  const { db, close } = openDatabase(file);
  db.exec(
    "INSERT INTO boards (key, id, name, emulated, first_seen_ms, last_seen_ms) VALUES (1, 'b', 'b', 0, 0, 0)",
  );
  const insert = db.prepare(insertReading);
  return {
    rowsOf: (batch: readonly NewEvent[], firstId: number) =>
      batch.flatMap((event, place) =>
        event.type === "reading"
          ? [[firstId + place, 1, Date.parse(event.data.at), ...readingFigures(event.data)]]
          : [],
      ),
    insert: db.transaction((rows: readonly (readonly unknown[])[]) => {
      for (const row of rows) insert.run(...row);
    }).immediate,
    close,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >>> 1] ?? Number.NaN;
}
