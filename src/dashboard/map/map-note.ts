import type { ReadingView } from "../../client/views.ts";
import { ageText, sizeText } from "../../shared/units-text.ts";

/** What one must know of a map that is older than the board's figures. */
export interface MapNote {
  /** `unstored`: no newer one can be shown. `moved`: the heap is not as in the map any more. */
  readonly kind: "unstored" | "moved";
  readonly text: string;
}

/** By so much the heap must differ to be worth a word. */
const movedShare = 0.02;
const movedBytes = 1024;

/**
 * `shown`: the map's reading; `last`: the board's newest one. `isUnstored`: the daemon cannot store readings just now, and only
 * stored maps can be asked for. `isOld`: the newest one is not of now either. Null: nothing to say.
 */
export function mapNote(
  shown: ReadingView,
  last: ReadingView | null,
  {
    isUnstored,
    isOld,
    nowMs,
  }: { readonly isUnstored: boolean; readonly isOld: boolean; readonly nowMs: number },
): MapNote | null {
  const shownMs = Date.parse(shown.at ?? "");
  if (isUnstored) {
    const age = Number.isNaN(shownMs) ? "" : `; this one is ${ageText(nowMs - shownMs)} old`;
    return {
      kind: "unstored",
      text: `Newer maps cannot be shown while the daemon cannot store them${age}.`,
    };
  }
  if (last === null || !(Date.parse(last.at ?? "") > shownMs)) return null;
  // It is on its way.
  if (last.map !== null && isStored(last)) return null;
  const changed = Math.abs(last.heap.usedBytes - shown.heap.usedBytes);
  if (changed <= Math.min(movedBytes, movedShare * last.heap.totalBytes)) return null;
  const [now, then] = [sizeText(last.heap.usedBytes), sizeText(shown.heap.usedBytes)];
  if (now === then) return null;
  const when = isOld ? "at its last reading" : "now";
  return { kind: "moved", text: `The heap has changed since: ${now} used ${when}, ${then} in this map.` };
}

/** Whether its map can be asked for. */
export function isStored({ id }: ReadingView): boolean {
  return id !== null && id > 0;
}
