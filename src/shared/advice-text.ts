import { countText, durationText } from "./units-text.ts";

/** What advice on a watched board rests on; `from` and `to` are UTC, ISO 8601. */
export interface AdviceBasis {
  readonly readings: number;
  readonly collections: number;
  readonly from: string;
  readonly to: string;
}

/** Fewer collections, or moves between readings, say little. */
export const leastSamples = 10;

/** "1200 readings and 300 collections of 7 days". */
export function basisText({ readings, collections, from, to }: AdviceBasis): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  const span = readings < 2 ? "" : ` of ${durationText(seconds)}`;
  return `${countText(readings, "reading")} and ${countText(collections, "collection")}${span}`;
}

/** Where a board gets no advice: what was looked at, or what is missing for it. */
export function nothingToAdvise(basis: AdviceBasis): string {
  const what = basisText(basis);
  if (basis.collections < leastSamples)
    return `Nothing to advise so far: there are ${what}. How much garbage the application makes, and how often a collection is worth its pause, takes ${leastSamples} collections to tell.`;
  return `Nothing to advise: in ${what}, the board is read often enough for what it allocates and without large holes, an alert rule watches whatever came up, its garbage takes a minute or more to fill the heap, and collections come as often as they are worth.`;
}
