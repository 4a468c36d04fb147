import { stripVTControlCharacters } from "node:util";
import type { WatchedBoard } from "../../app/watch-view.ts";

export type ColumnKind = "name" | "heap" | "used" | "largest" | "fragmentation" | "trend" | "state" | "age";

export interface WatchColumn {
  readonly kind: ColumnKind;
  readonly heading: string;
  readonly width: number;
  readonly right: boolean;
}

interface Spec extends WatchColumn {
  /** The widest that helps. */
  readonly widest: number;
}

const specs: readonly Spec[] = [
  { kind: "name", heading: "board", width: 8, widest: 24, right: false },
  { kind: "heap", heading: "heap", width: 10, widest: 40, right: false },
  { kind: "used", heading: "used", width: 7, widest: 7, right: true },
  { kind: "largest", heading: "largest free", width: 12, widest: 12, right: true },
  { kind: "fragmentation", heading: "frag", width: 7, widest: 7, right: true },
  { kind: "trend", heading: "used lately", width: 11, widest: 30, right: false },
  { kind: "state", heading: "state", width: 12, widest: 12, right: false },
  { kind: "age", heading: "read", width: 6, widest: 6, right: true },
];

/** Given up in this order where the terminal is narrow: the sign shows the state, and below the table it is said in full. */
const dispensable: readonly ColumnKind[] = ["state", "trend", "fragmentation", "age", "heap", "largest"];

/** Sign and space before the first column. */
const indent = 2;

/** The columns that fit into `width` characters, and how wide each is. */
export function columnsFor(boards: readonly WatchedBoard[], width: number): readonly WatchColumn[] {
  const longestName = Math.max(5, ...boards.map(({ name }) => [...name].length));
  const wanted = specs.map((spec) =>
    spec.kind === "name"
      ? { ...spec, width: Math.min(longestName, 16), widest: Math.min(longestName, spec.widest) }
      : spec,
  );
  let kept = wanted;
  for (const kind of dispensable) {
    if (total(kept) <= width) break;
    kept = kept.filter((column) => column.kind !== kind);
  }
  return widened(kept, width);
}

/** Shares out what is left: one character in turn to each that can use it. */
function widened(columns: readonly Spec[], width: number): readonly WatchColumn[] {
  const widths = columns.map((column) => column.width);
  let left = width - total(columns);
  while (left > 0) {
    const before = left;
    columns.forEach((column, index) => {
      const now = widths[index] ?? 0;
      if (left === 0 || now >= column.widest) return;
      widths[index] = now + 1;
      left--;
    });
    if (left === before) break;
  }
  return columns.map(({ kind, heading, right }, index) => ({
    kind,
    heading,
    right,
    width: widths[index] ?? 0,
  }));
}

function total(columns: readonly WatchColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width + 1, indent - 1);
}

/** `text` in at most `width` characters, with … where some are missing. Colour codes of a line that is cut are dropped. */
export function clipped(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const plain = [...stripVTControlCharacters(text)];
  return plain.length <= width ? plain.join("") : `${plain.slice(0, Math.max(0, width - 1)).join("")}…`;
}
