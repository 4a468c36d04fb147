import type { CollectionView, MissedView, ReadingView, SeriesView } from "../../client/views.ts";
import { liveFromMs } from "./chart-rows.ts";

/** What happened at a time, beside the lines. */
export type Mark =
  /** `count` collections that reclaimed `reclaimedBytes` each, as a mean. */
  | {
      readonly kind: "collection";
      readonly atMs: number;
      readonly count: number;
      readonly reclaimedBytes: number;
    }
  | { readonly kind: "map"; readonly atMs: number; readonly readingId: number }
  | { readonly kind: "missed"; readonly atMs: number; readonly cause: string; readonly detail: string };

/** Of maps and missed readings, so many are marked at most: the newest. */
export const mostMarks = 200;

/** The collections of the series and, after it, those of the feed. */
export function collectionMarks(
  reclaimed: SeriesView | undefined,
  collections: readonly CollectionView[],
): readonly Mark[] {
  const oldest = collections[0];
  const fromMs =
    reclaimed === undefined
      ? Number.NEGATIVE_INFINITY
      : liveFromMs(reclaimed, oldest === undefined ? undefined : Date.parse(oldest.at));
  const marks: Mark[] = [];
  for (const { at, mean, count } of reclaimed?.buckets ?? []) {
    const beginMs = Date.parse(at);
    if (beginMs >= fromMs) continue;
    const atMs = beginMs + ((reclaimed?.bucketSeconds ?? 0) * 1000) / 2;
    marks.push({ kind: "collection", atMs, count, reclaimedBytes: mean });
  }
  for (const { at, reclaimedBytes } of collections) {
    const atMs = Date.parse(at);
    if (atMs >= fromMs) marks.push({ kind: "collection", atMs, count: 1, reclaimedBytes });
  }
  return marks;
}

/** The readings that have a map, each once, oldest first, bounded; those of the feed may not be stored yet. */
export function mappedReadings(
  stored: readonly ReadingView[],
  readings: readonly ReadingView[],
): readonly ReadingView[] {
  return newest([...stored, ...readings.filter(({ map }) => map !== null)]);
}

export function mapMarks(mapped: readonly ReadingView[]): readonly Mark[] {
  return mapped.flatMap(({ id, at }) =>
    id === null || at === null ? [] : [{ kind: "map", atMs: Date.parse(at), readingId: id } as const],
  );
}

export function missedMarks(stored: readonly MissedView[], missed: readonly MissedView[]): readonly Mark[] {
  return newest([...stored, ...missed]).map(({ at, cause, detail }) => ({
    kind: "missed",
    atMs: Date.parse(at),
    cause,
    detail,
  }));
}

/** Each event once, in order of time, the newest `most`. */
export function newest<Event extends { readonly id: number | null; readonly at: string | null }>(
  events: readonly Event[],
  most = mostMarks,
): readonly Event[] {
  const each = new Map(events.map((event) => [event.id ?? event.at, event] as const));
  return [...each.values()]
    .sort((one, other) => Date.parse(one.at ?? "") - Date.parse(other.at ?? ""))
    .slice(-most);
}

/** The nearest mark of each kind, not farther than `withinMs`. */
export function marksNear(marks: readonly Mark[], atMs: number, withinMs: number): readonly Mark[] {
  const nearest = new Map<Mark["kind"], Mark>();
  for (const mark of marks) {
    const awayMs = Math.abs(mark.atMs - atMs);
    if (awayMs > withinMs) continue;
    const best = nearest.get(mark.kind);
    if (best === undefined || awayMs < Math.abs(best.atMs - atMs)) nearest.set(mark.kind, mark);
  }
  return [...nearest.values()];
}
