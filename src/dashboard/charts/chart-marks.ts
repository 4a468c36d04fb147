import type { CollectionView, MissedView, ReadingView, SeriesView } from "../../client/views.ts";
import type { MarkEvent } from "../marks/mark-events.ts";
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
  | { readonly kind: "missed"; readonly atMs: number; readonly cause: string; readonly detail: string }
  /** A place that the application marked. */
  | { readonly kind: "place"; readonly atMs: number; readonly event: MarkEvent }
  /** A block that it measured: from `fromMs`, null where that is not known, to `atMs`. */
  | {
      readonly kind: "block";
      readonly atMs: number;
      readonly fromMs: number | null;
      readonly event: MarkEvent;
    };

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

export function placeMarks(events: readonly MarkEvent[]): readonly Mark[] {
  return events.map((event) => {
    const { atMs, fromMs } = event;
    return event.kind === "block" ? { kind: "block", atMs, fromMs, event } : { kind: "place", atMs, event };
  });
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

/** The nearest mark of each kind, not farther than `withinMs`; within a block it is near, and the shortest is the nearest. */
export function marksNear(marks: readonly Mark[], atMs: number, withinMs: number): readonly Mark[] {
  const nearest = new Map<Mark["kind"], Mark>();
  for (const mark of marks) {
    const fromMs = beginOf(mark);
    const isWithin = fromMs <= atMs && atMs <= mark.atMs;
    if (!isWithin && Math.abs(mark.atMs - atMs) > withinMs) continue;
    const best = nearest.get(mark.kind);
    if (best === undefined || nearness(mark, atMs) < nearness(best, atMs)) nearest.set(mark.kind, mark);
  }
  return [...nearest.values()];
}

function nearness(mark: Mark, atMs: number): number {
  const fromMs = beginOf(mark);
  // What `atMs` is within goes before all that it is beside.
  const isWithin = fromMs < mark.atMs && fromMs <= atMs && atMs <= mark.atMs;
  return isWithin ? -1 / (mark.atMs - fromMs) : Math.abs(mark.atMs - atMs);
}

function beginOf(mark: Mark): number {
  return (mark.kind === "block" ? mark.fromMs : null) ?? mark.atMs;
}
