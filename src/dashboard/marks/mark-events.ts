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
  const byId = new Map(marks.map((mark) => [mark.readingId, mark] as const));
  /** What belongs to a block that settled. */
  const parts = new Set<MarkView>();
  const begins = new Map<MarkView, MarkView>();
  marks.forEach((mark, at) => {
    if (mark.kind !== "settled") return;
    const { cost } = mark;
    const [begin, end] =
      cost === null ? pendingParts(marks.slice(0, at), mark, parts) : [cost.beginId, cost.endId].map(known);
    if (begin !== undefined) begins.set(mark, begin);
    for (const part of [begin, end]) if (part !== undefined) parts.add(part);
  });
  function known(id: number | null): MarkView | undefined {
    return id === null ? undefined : byId.get(id);
  }
  return marks.flatMap((mark) => {
    if (parts.has(mark)) return [];
    const { kind, cost, at, label, usedBytes, largestFreeBytes } = mark;
    const begin = begins.get(mark);
    const fromMs = begin === undefined ? null : Date.parse(begin.at);
    const event = kind === "settled" ? "block" : kind;
    const atMs = Date.parse(at);
    return [{ kind: event, key: keyOf(mark), label, atMs, fromMs, usedBytes, largestFreeBytes, cost }];
  });
}

/** Begin and end of a block of which the daemon has not said the cost yet: the last ones of its label that are free. */
function pendingParts(
  before: readonly MarkView[],
  { run, label }: MarkView,
  parts: ReadonlySet<MarkView>,
): readonly (MarkView | undefined)[] {
  const last = (kind: MarkView["kind"]): MarkView | undefined =>
    before.findLast((one) => one.kind === kind && one.run === run && one.label === label && !parts.has(one));
  return [last("begin"), last("end")];
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
