/** Something with a label beside it, at `x`; both in pixels. */
export interface Labelled {
  readonly x: number;
  /** Of the label, with its distance to others. */
  readonly width: number;
}

/** So many labels stand in one chart at most. */
export const mostLabels = 30;
/** Labels stand in so many lines, one below the other. */
export const labelRows = 3;

/** Where a label stands: `row` from above, `left` its left edge. */
export interface LabelPlace {
  readonly row: number;
  readonly left: number;
}

/**
 * Places for the labels of `items`, which are in order of `x`, so that none covers another: the newest get theirs first. Null: there
 * is no room for it. A label begins at its `x`, or ends there where the chart ends at `right`.
 */
export function placeLabels(
  items: readonly Labelled[],
  left: number,
  right: number,
): readonly (LabelPlace | null)[] {
  const places: (LabelPlace | null)[] = items.map(() => null);
  const taken: { from: number; to: number }[][] = Array.from({ length: labelRows }, () => []);
  let count = 0;
  for (let at = items.length - 1; at >= 0 && count < mostLabels; at--) {
    const item = items[at];
    if (item === undefined) continue;
    const { x, width } = item;
    const from = x + width <= right ? x : x - width;
    if (from < left) continue;
    const row = taken.findIndex((others) =>
      others.every((one) => one.to <= from || one.from >= from + width),
    );
    if (row < 0) continue;
    taken[row]?.push({ from, to: from + width });
    places[at] = { row, left: from };
    count++;
  }
  return places;
}

/** A label as the chart has it: the rest is told at the cursor. */
export function shortLabel(label: string, most = 18): string {
  const letters = [...label];
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join("")}…`;
}
