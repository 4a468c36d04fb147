import type { MapDiffView, ReadingView } from "../../client/views.ts";
import { blockWords } from "../../shared/block-words.ts";
import { countText, sizeText } from "../../shared/units-text.ts";
import type { MapCells } from "../map/map-cells.ts";
import { type AreaMarks, mark } from "../map/map-marks.ts";

export type ChangeKind = keyof MapDiffView["totals"];
export const changeKinds: readonly ChangeKind[] = ["appeared", "went", "changed"];

/** The daemon's comparison as marks on the newer map; kinds that are not `shown` are left out. */
export function marksOfDiff(diff: MapDiffView, newer: MapCells, shown: ReadonlySet<ChangeKind>): AreaMarks {
  const changes = new Map(diff.areas.map((area) => [area.base, area.changes]));
  return newer.areas.map(({ base, kinds }) => {
    const marks = new Uint8Array(kinds.length);
    for (const { kind, offset, blocks } of changes.get(base) ?? [])
      if (shown.has(kind)) marks.fill(mark[kind], offset, offset + blocks);
    return marks;
  });
}

/** What a type gained and lost, bytes. */
export interface LetterRow {
  readonly letter: string;
  readonly gainedBytes: number;
  readonly lostBytes: number;
  readonly netBytes: number;
}

/** The largest net change first. */
export function letterRows({ letters, blockSizeBytes }: MapDiffView): readonly LetterRow[] {
  return Object.entries(letters)
    .map(([letter, { gained, lost }]) => ({
      letter,
      gainedBytes: gained * blockSizeBytes,
      lostBytes: lost * blockSizeBytes,
      netBytes: (gained - lost) * blockSizeBytes,
    }))
    .sort(
      (one, other) =>
        Math.abs(other.netBytes) - Math.abs(one.netBytes) || other.gainedBytes - one.gainedBytes,
    );
}

/** Blocks in a row that changed alike: whole objects, where the daemon tells heads from tails. */
export interface LargeChange {
  readonly kind: ChangeKind;
  readonly base: string;
  /** From the area's base, blocks. */
  readonly offset: number;
  readonly blocks: number;
  /** Letters, `.` for free. */
  readonly from: string;
  readonly to: string;
}

/** The largest changes, at most `most`; of equal ones the lower first. */
export function largestChanges({ areas }: MapDiffView, most: number): readonly LargeChange[] {
  const found: LargeChange[] = [];
  for (const { base, changes } of areas) {
    let first = true;
    for (const { kind, offset, blocks, from, to } of changes) {
      const next: LargeChange = { kind, base, offset, blocks, from: from.charAt(0), to: to.charAt(0) };
      const open = first ? undefined : found.at(-1);
      first = false;
      if (open !== undefined && goesOn(open, next))
        found[found.length - 1] = { ...open, blocks: open.blocks + blocks };
      else found.push(next);
    }
  }
  return found.sort((one, other) => other.blocks - one.blocks).slice(0, most);
}

function goesOn(open: LargeChange, next: LargeChange): boolean {
  return (
    next.offset === open.offset + open.blocks &&
    next.kind === open.kind &&
    next.from === open.from &&
    next.to === open.to
  );
}

/** What was there and what is there, for people. */
export function changeWords({ kind, from, to }: LargeChange): string {
  if (kind === "appeared") return lettersText(to);
  if (kind === "went") return lettersText(from);
  return from === to
    ? `${lettersText(from)}: another object in its place`
    : `${lettersText(from)} → ${lettersText(to)}`;
}

function lettersText(letter: string): string {
  return letter === "." ? "free" : `${blockWords(letter).short} (${letter})`;
}

/** One sentence for each area that is not as it was: the heap grew, or a pool went. */
export function areaSentences(diff: MapDiffView): readonly string[] {
  return diff.areas.flatMap(({ base, olderBlocks, newerBlocks }) => {
    const size = (blocks: number): string => sizeText(blocks * diff.blockSizeBytes);
    if (olderBlocks === null && newerBlocks !== null)
      return [`The heap grew: the area at 0x${base} (${size(newerBlocks)}) is new.`];
    if (newerBlocks === null && olderBlocks !== null)
      return [`The area at 0x${base} (${size(olderBlocks)}) is gone, and not in the picture.`];
    if (olderBlocks !== null && newerBlocks !== null && olderBlocks !== newerBlocks)
      return [
        `The area at 0x${base} ${newerBlocks > olderBlocks ? "grew" : "shrank"} from ${size(olderBlocks)} to ${size(newerBlocks)}.`,
      ];
    return [];
  });
}

/** "appeared 12 blocks, 192 B". */
export function totalText(blocks: number, blockSizeBytes: number): string {
  return `${countText(blocks, "block")}, ${sizeText(blocks * blockSizeBytes)}`;
}

/** Of two ids in any order; null where they are the same or one is not known. */
export function pairOf(
  maps: readonly ReadingView[],
  from: number | null,
  to: number | null,
): { readonly from: number; readonly to: number } | null {
  const ids = maps.map(({ id }) => id ?? 0);
  const newer = to ?? ids.findLast((id) => from === null || id > from) ?? null;
  const older = from ?? ids.findLast((id) => newer === null || id < newer) ?? null;
  if (newer === null || older === null || newer === older) return null;
  return { from: Math.min(older, newer), to: Math.max(older, newer) };
}
