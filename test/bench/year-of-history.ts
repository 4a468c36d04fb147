import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { retentionPolicy } from "../../src/app/history-keeper.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { migrations } from "../../src/store/migrations/all.ts";
import { openStore } from "../../src/store/open-store.ts";
import { simulatedHistory, simulatedYear } from "../support/simulated-history.ts";

/** Raise it where the same schema would be filled in another way. */
const version = 1;
const dayMs = 86_400_000;
const prefix = "heapscope-bench-year-";
const { YEAR_DAYS = "365" } = process.env;

/** Of what is in the history, days. */
export const yearDays = Number(YEAR_DAYS);

const { history: keep } = loadConfig({ file: null, env: {}, flags: [] });
/** As a daemon keeps it where nothing is configured. */
const policy = retentionPolicy(keep);

export interface YearOfHistory {
  readonly file: string;
  readonly bytes: number;
}

/**
 * The file of a history that has taken a year of one board (YEAR_DAYS: so many days), tidied up each day as the daemon does.
 * Filled when it is first needed and kept in the system's folder for temporary files; older ones are removed.
 */
export function yearOfHistory(print: (line: string) => void): YearOfHistory {
  const kept = Object.values(keep).join("-");
  const name = `${prefix}${migrations.at(-1)?.version ?? 0}-${version}-${yearDays}-${kept}`;
  for (const other of readdirSync(tmpdir())) {
    if (other.startsWith(prefix) && other !== name) rmSync(join(tmpdir(), other), { recursive: true });
  }
  const folder = join(tmpdir(), name);
  const file = join(folder, "history.db");
  if (!existsSync(folder)) {
    const unfinished = `${folder}.part`;
    mkdirSync(unfinished);
    const startMs = performance.now();
    const events = fill(join(unfinished, "history.db"));
    renameSync(unfinished, folder);
    const seconds = (performance.now() - startMs) / 1000;
    print(`filled ${folder} with ${events} events in ${seconds.toFixed(0)} s`);
  }
  return { file, bytes: statSync(file).size };
}

function fill(file: string): number {
  const store = openStore({ file });
  try {
    let events = 0;
    let tidiedMs = simulatedYear.startMs;
    for (const batch of simulatedHistory({ days: yearDays })) {
      const nowMs = Date.parse(store.append(batch).at(-1)?.at ?? "");
      events += batch.length;
      if (nowMs - tidiedMs < dayMs) continue;
      while (!store.tidy(policy, nowMs).done);
      tidiedMs = nowMs;
    }
    return events;
  } finally {
    store.close();
  }
}
