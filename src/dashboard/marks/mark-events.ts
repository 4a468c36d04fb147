import type { MarkView, ReadingView } from "../../client/views.ts";

/** What came to pass at a marked place. A measured block whose three marks are there is one event, at its end. */
export interface MarkEvent {
  readonly kind: "point" | "begin" | "end" | "block";
  /** Unique among events. */
  readonly key: string;
  readonly label: string;
  readonly atMs: number;
  /** When a block began; null: it is none, or that is not known. */
  readonly fromMs: number | null;
  readonly usedBytes: number;
  readonly largestFreeBytes: number | null;
  /** Of blocks; null: the daemon has not said it yet. */
  readonly cost: MarkView["cost"];
}

/** So many marks are kept at most: the newest. */
export const mostMarked = 300;

/**
 * The marks of REST and, behind them, those that only the feed has told, bounded, in order of time. What a block cost only the
 * daemon says: of the feed's it is null.
 */
export function marksTogether(
  stored: readonly MarkView[],
  readings: readonly ReadingView[],
): readonly MarkView[] {
  const each = new Map(stored.map((mark) => [keyOf(mark), mark] as const));
  for (const reading of readings) {
    const mark = liveMark(reading);
    if (mark !== null && !each.has(keyOf(mark))) each.set(keyOf(mark), mark);
  }
  return [...each.values()]
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .slice(-mostMarked);
}

/** Whether the feed has told of a stored mark that is newer than all of `stored`. */
export function hasNewMark(stored: readonly MarkView[], readings: readonly ReadingView[]): boolean {
  const newest = stored.at(-1)?.readingId ?? 0;
  return readings.some(({ id, helper }) => helper?.mark != null && id !== null && id > newest);
}

/** Blocks as one event each, in place of their begin, end and settled; what belongs to none stands for itself. */
export function markEvents(marks: readonly MarkView[]): readonly MarkEvent[] {
  const begins = new Map(marks.map(({ readingId, at }) => [readingId, Date.parse(at)] as const));
  const told = new Set(marks.flatMap(({ cost }) => (cost === null ? [] : [cost.beginId, cost.endId])));
  return marks.flatMap((mark) => {
    const { kind, cost, at, label, usedBytes, largestFreeBytes, readingId } = mark;
    if (kind !== "settled" && kind !== "point" && told.has(readingId)) return [];
    const fromMs = cost?.beginId == null ? null : (begins.get(cost.beginId) ?? null);
    const event = kind === "settled" ? "block" : kind;
    return [
      {
        kind: event,
        key: keyOf(mark),
        label,
        atMs: Date.parse(at),
        fromMs,
        usedBytes,
        largestFreeBytes,
        cost,
      },
    ];
  });
}

/** An event that is stored gets its id later than it is told. */
function keyOf({ run, sequence, at }: MarkView): string {
  return `${run} ${sequence} ${at}`;
}

function liveMark({ id, boardId, at, heap, largestFreeBytes, helper }: ReadingView): MarkView | null {
  if (helper?.mark == null || boardId === null || at === null) return null;
  const { run, sequence, mark } = helper;
  const { usedBytes } = heap;
  return { ...mark, readingId: id ?? 0, boardId, at, run, sequence, usedBytes, largestFreeBytes, cost: null };
}
