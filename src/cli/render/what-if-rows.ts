import type { Allocation, FirstFit, FreeRanges } from "../../app/what-if/subject.ts";

/** Allocations of one size that follow each other. */
export interface AllocationGroup {
  readonly bytes: number;
  /** Each takes so many blocks. */
  readonly blocks: number;
  /** Index of the first. */
  readonly from: number;
  readonly count: number;
}

/** The sequence with equal neighbours taken together. */
export function groupsOf(allocations: readonly Allocation[]): readonly AllocationGroup[] {
  const groups: { bytes: number; blocks: number; from: number; count: number }[] = [];
  for (const [index, { bytes, blocks }] of allocations.entries()) {
    const last = groups.at(-1);
    if (last?.bytes === bytes) last.count++;
    else groups.push({ bytes, blocks, from: index, count: 1 });
  }
  return groups;
}

export interface GroupOutcome {
  readonly ok: boolean;
  readonly text: string;
}

/** What became of a group: where one went, or how many of them fit. */
export function outcomeOf(group: AllocationGroup, { allocations }: FirstFit, free: FreeRanges): GroupOutcome {
  const own = allocations.slice(group.from, group.from + group.count);
  const placed = own.filter(({ kind }) => kind === "placed").length;
  const [one] = own;
  if (one?.kind === "placed" && group.count === 1) return { ok: true, text: `fits ${placeText(one, free)}` };
  if (placed === group.count) return { ok: true, text: `all ${placed} fit` };
  return {
    ok: false,
    text: group.count === 1 ? "no room" : placed === 0 ? "no room" : `${placed} of ${group.count} fit`,
  };
}

/** `at 01a40`, the offset as the dump's lines have it; with the area where there are several. */
function placeText(
  { area, block }: Extract<Allocation, { kind: "placed" }>,
  { areas, blockSizeBytes }: FreeRanges,
): string {
  const offset = (block * blockSizeBytes).toString(16).padStart(5, "0");
  return areas.length > 1 ? `at ${offset}, area ${area + 1}` : `at ${offset}`;
}
