import type { BlockMap, MapArea } from "../../src/heap/block-map.ts";
import { type Allocation, firstFit, placesOf } from "../../src/heap/first-fit.ts";
import { freeRangesOf, withoutBlocks } from "../../src/heap/free-ranges.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { seeded } from "../support/seeded.ts";

/**
 * A real interpreter allocates, and first-fit predicts it. Everything the round needs (functions, lists of results, sizes) is
 * there beforehand, and both maps are printed inside one call, so that nothing but the sequence allocates between them. A tuple of
 * k items is one call of gc_alloc() for 8 + 4k bytes in this 32-bit port: no second block for an object that points to it.
 */
export const harness = `
import gc
from micropython import mem_info
T = (None,)
K = [None] * 700
R = [None] * 24
Z = [0] * 24
def build(s, most, drop):
    i = 0
    room = T * 300
    try:
        while i < most:
            s = (s * 1103 + 12345) & 0x7ffff
            c = (s >> 8) & 15
            K[i] = T * (1 + (s >> 4) % (6 if c < 10 else 40 if c < 14 else 400))
            i += 1
    except MemoryError:
        pass
    i = 0
    while i < most:
        s = (s * 1103 + 12345) & 0x7ffff
        if (s >> 6) % 100 < drop:
            K[i] = None
        i += 1
    room = None
    gc.collect()
def go(n):
    i = 0
    mem_info(1)
    try:
        while i < n:
            R[i] = T * Z[i]
            i += 1
    except MemoryError:
        pass
    mem_info(1)
    print("placed", end="")
    j = 0
    while j < i:
        print("", id(R[j]), end="")
        j += 1
    print()
    i = 0
    while i < 700:
        K[i] = None
        i += 1
    i = 0
    while i < 24:
        R[i] = None
        i += 1
    gc.collect()
`;

/** Runs Python and returns what it printed; an exception there is an error here. */
export type RunPython = (source: string) => Promise<string>;

/** What one round showed. `same`: every outcome, every address and, where none was refused, every block that is free afterwards. */
export type Round =
  | {
      readonly kind: "same";
      /** Areas of the heap. */
      readonly areas: number;
      /** Allocations at the predicted address. */
      readonly placed: number;
      /** How the sequence ended, as predicted. */
      readonly end: "all-fit" | "too-little-free" | "fragmented";
    }
  | { readonly kind: "different"; readonly seed: number; readonly what: string };

/**
 * One random heap and one random sequence of tuples, predicted and then made. A sequence ends with the first one that has no room: a
 * MemoryError, or with `grows` a place in an area that was not there before.
 */
export async function playRound(run: RunPython, seed: number, grows = false): Promise<Round> {
  const random = seeded(seed);
  const pick = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const items = Array.from({ length: pick(1, 24) }, () => pick(1, random() < 0.7 ? 30 : 2500));
  await run(items.map((count, at) => `Z[${at}]=${count}`).join(";"));
  await run(`build(${pick(1, 0x7ffff)},${pick(20, 700)},${pick(5, 80)})`);
  const answer = await run(`go(${items.length})`);
  return judge(
    answer,
    items.map((count) => 8 + 4 * count),
    { seed, grows },
  );
}

function judge(
  answer: string,
  sizes: readonly number[],
  { seed, grows }: { readonly seed: number; readonly grows: boolean },
): Round {
  const different = (what: string): Round => ({ kind: "different", seed, what });
  const { before, after, addresses } = seenIn(answer);
  const free = freeRangesOf(before);
  const { allocations, firstRefused } = firstFit(free, sizes);
  const expected = firstRefused === null ? allocations : allocations.slice(0, firstRefused);
  const predicted = expected.map((one) => addressOf(one, before));
  if (grows ? addresses.length !== sizes.length : addresses.length !== predicted.length) {
    return different(`${predicted.length} of ${sizes.length} predicted, ${addresses.length} succeeded`);
  }
  const moved = predicted.findIndex((address, at) => address !== addresses[at]);
  if (moved >= 0) return different(`allocation ${moved}: ${predicted[moved]}, not ${addresses[moved]}`);
  const grown = addresses[predicted.length];
  if (grown !== undefined && before.areas.some((area) => isWithin(grown, area, before)))
    return different(
      `allocation ${predicted.length}: no room predicted, but ${grown} is in an area there was`,
    );
  // A MemoryError leaves objects of its own, so blocks are compared only where there was none.
  if (firstRefused === null) {
    const left = withoutBlocks(free, placesOf(expected));
    const found = freeRangesOf(after);
    if (String([...found.starts, ...found.lengths]) !== String([...left.starts, ...left.lengths]))
      return different("the places agree, but other blocks are free afterwards");
  }
  const refused = firstRefused === null ? undefined : allocations[firstRefused];
  const end =
    refused?.kind !== "no-room"
      ? "all-fit"
      : refused.freeBlocks < refused.blocks
        ? "too-little-free"
        : "fragmented";
  return { kind: "same", areas: before.areas.length, placed: predicted.length, end };
}

interface Seen {
  readonly before: BlockMap;
  readonly after: BlockMap;
  readonly addresses: readonly number[];
}

function seenIn(answer: string): Seen {
  const [before, after] = parseMemInfo(bytesOf(answer)).map((finding) =>
    finding.kind === "record" ? finding.record.map : null,
  );
  const ids = /placed([\d ]*)/.exec(answer)?.[1];
  if (!before || !after || ids === undefined) throw new Error(`not two maps and addresses: ${answer}`);
  return { before, after, addresses: ids.split(" ").slice(1).map(Number) };
}

function addressOf(one: Allocation, { areas, blockSizeBytes }: BlockMap): number | null {
  if (one.kind !== "placed") return null;
  return Number.parseInt(areas[one.area]?.base ?? "", 16) + one.block * blockSizeBytes;
}

function isWithin(address: number, { base, blocks }: MapArea, { blockSizeBytes }: BlockMap): boolean {
  const from = Number.parseInt(base, 16);
  return address >= from && address < from + blocks * blockSizeBytes;
}
