import type { CollectionView, MissedView, ReadingView } from "../../client/views.ts";
import { countText, sizeText } from "../../shared/units-text.ts";
import { placeText } from "../marks/mark-words.ts";
import type { ConsoleItem } from "./console-items.ts";

/** What heapscope did, between the lines. */
export interface ConsoleMark {
  readonly kind: "reading" | "map" | "collection" | "missed" | "place";
  readonly atMs: number;
  readonly text: string;
}

export type ConsoleRow =
  | ConsoleItem
  | { readonly kind: "mark"; readonly key: string; readonly atMs: number; readonly mark: ConsoleMark };

/** The marks of what the feed has told, in order of time. */
export function consoleMarks(
  readings: readonly ReadingView[],
  collections: readonly CollectionView[],
  missed: readonly MissedView[],
): readonly ConsoleMark[] {
  const marks: ConsoleMark[] = [];
  for (const { at, map, heap, phase, helper } of readings) {
    if (at === null) continue;
    if (helper?.mark) {
      const text = `${placeText(helper.mark)}: ${sizeText(heap.usedBytes)} used`;
      marks.push({ kind: "place", atMs: Date.parse(at), text });
      continue;
    }
    // Those beside a collection are told with it.
    if (phase === "before-collect" || phase === "after-collect") continue;
    const kind = map === null ? "reading" : "map";
    marks.push({ kind, atMs: Date.parse(at), text: `${kind}: ${sizeText(heap.usedBytes)} used` });
  }
  for (const { at, reclaimedBytes } of collections)
    marks.push({
      kind: "collection",
      atMs: Date.parse(at),
      text: `collection: ${reclaimedBytes > 0 ? sizeText(reclaimedBytes) : "nothing"} reclaimed`,
    });
  for (const { at, cause } of missed)
    marks.push({ kind: "missed", atMs: Date.parse(at), text: `reading missed (${cause})` });
  return marks.sort((one, other) => one.atMs - other.atMs);
}

/**
 * Lines with marks between them by time. Marks older than the first line say nothing about any line, and go. Of several readings
 * with nothing between them the last one is told, with their number.
 */
export function consoleRows(
  items: readonly ConsoleItem[],
  marks: readonly ConsoleMark[],
): readonly ConsoleRow[] {
  const firstMs = items[0]?.atMs;
  if (firstMs === undefined) return [];
  const rows: ConsoleRow[] = [];
  let next = marks.findIndex(({ atMs }) => atMs >= firstMs);
  if (next < 0) next = marks.length;
  const pushMarksUntil = (untilMs: number): void => {
    let run: ConsoleMark[] = [];
    const endRun = (): void => {
      const last = run.at(-1);
      if (last !== undefined) rows.push(rowOf(run.length === 1 ? last : joined(run, last)));
      run = [];
    };
    for (let mark = marks[next]; mark !== undefined && mark.atMs < untilMs; mark = marks[++next]) {
      if (mark.kind === "reading") {
        run.push(mark);
      } else {
        endRun();
        rows.push(rowOf(mark));
      }
    }
    endRun();
  };
  for (const item of items) {
    pushMarksUntil(item.atMs);
    rows.push(item);
  }
  pushMarksUntil(Number.POSITIVE_INFINITY);
  return rows;
}

function joined(run: readonly ConsoleMark[], last: ConsoleMark): ConsoleMark {
  return {
    ...last,
    text: `${countText(run.length, "reading")}, the last ${last.text.replace(/^\w+: /, "")}`,
  };
}

function rowOf(mark: ConsoleMark): ConsoleRow {
  return { kind: "mark", key: `${mark.kind} ${mark.atMs}`, atMs: mark.atMs, mark };
}
