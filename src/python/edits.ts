/** Replaces what is from `from` up to `to` by `insert`. Offsets are into the text before all edits, in UTF-16 units. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * Applies `edits`, given in any order, to `text`. What several insert at one offset stays in the order given. Throws a
 * RangeError where two edits change the same text, or one lies outside of it.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((one, other) => one.from - other.from || one.to - other.to);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, insert } of inOrder) {
    if (from < done || to < from || to > text.length) {
      throw new RangeError(`an edit of ${from} to ${to} overlaps another or lies outside of the text`);
    }
    parts.push(text.slice(done, from), insert);
    done = to;
  }
  return parts.join("") + text.slice(done);
}
