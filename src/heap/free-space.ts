import type { FreeRanges } from "./free-ranges.ts";

/**
 * The free ranges of a heap while allocations take of them. Over the ranges lies a binary tree in which each node holds
 * the longest of the two below it, so the lowest range that is long enough is found in logarithmic time. An allocation
 * takes the lower end of a range, so ranges never split.
 */
export class FreeSpace {
  readonly #starts: Uint32Array;
  /** Node 1 is the root, node n has 2n and 2n+1 below it; the leaves, from `#leaves` on, are the ranges' lengths. */
  readonly #longest: Uint32Array;
  readonly #leaves: number;
  readonly #ranges: number;
  #freeBlocks = 0;

  constructor({ starts, lengths }: Pick<FreeRanges, "starts" | "lengths">) {
    this.#ranges = lengths.length;
    this.#starts = starts.slice();
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, this.#ranges)));
    this.#longest = new Uint32Array(2 * this.#leaves);
    this.#longest.set(lengths, this.#leaves);
    for (const length of lengths) this.#freeBlocks += length;
    for (let node = this.#leaves - 1; node >= 1; node--) this.#settle(node);
  }

  get freeBlocks(): number {
    return this.#freeBlocks;
  }

  /** Of the longest range. */
  get largestBlocks(): number {
    return this.#longest[1] ?? 0;
  }

  /** Takes the lowest `blocks` (1 or more) in a row and returns the first of them; null, and nothing changes, where there are none. */
  take(blocks: number): number | null {
    if (blocks > this.largestBlocks) return null;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      if ((this.#longest[node] ?? 0) < blocks) node++;
    }
    const range = node - this.#leaves;
    const start = this.#starts[range] ?? 0;
    this.#starts[range] = start + blocks;
    this.#longest[node] = (this.#longest[node] ?? 0) - blocks;
    this.#freeBlocks -= blocks;
    for (node >>>= 1; node >= 1; node >>>= 1) this.#settle(node);
    return start;
  }

  /** How often `blocks` in a row could still be taken, nothing else happening. Linear in the ranges. */
  countOf(blocks: number): number {
    let count = 0;
    for (let range = 0; range < this.#ranges; range++)
      count += Math.floor((this.#longest[this.#leaves + range] ?? 0) / blocks);
    return count;
  }

  #settle(node: number): void {
    const left = this.#longest[2 * node] ?? 0;
    const right = this.#longest[2 * node + 1] ?? 0;
    this.#longest[node] = left > right ? left : right;
  }
}
