import type { HistoryReader } from "../store/store-types.ts";

/** Between two reports of a helper, where the history does not tell, ms. */
const usualIntervalMs = 10_000;
/** Longer than that nobody waits for a helper that may be gone. */
const longestIntervalMs = 300_000;
const newest = 20;

/**
 * How often a board's helper reported according to the history, ms; null where the newest reading was not a helper's, or the
 * history cannot be read.
 */
export function helperIntervalOf(store: Pick<HistoryReader, "readings">, boardId: string): number | null {
  let readings: ReturnType<HistoryReader["readings"]>;
  try {
    readings = store.readings(boardId, { limit: newest });
  } catch {
    return null;
  }
  if (readings.at(-1)?.source !== "helper") return null;
  // Periodic ones in a row; others come whenever the application wants.
  const gaps = readings.flatMap(({ at, phase, helper }, place) => {
    const before = readings[place - 1];
    const isNext = helper !== null && helper.sequence - 1 === before?.helper?.sequence;
    if (!isNext || helper.run !== before.helper?.run || phase !== "periodic") return [];
    return [Date.parse(at) - Date.parse(before.at)];
  });
  if (gaps.length === 0) return usualIntervalMs;
  return Math.min(longestIntervalMs, Math.max(...gaps));
}
