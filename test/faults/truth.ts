import type { Reading } from "../../src/heap/reading.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** How far a figure may lie outside what was seen without a fault: garbage of programs that raised exceptions. */
const slack: Readonly<Record<string, number>> = {
  used: 8_192,
  oneBlock: 256,
  twoBlock: 32,
  "largest used": 64,
  aside: 768,
  // A map and a basic reading are different programs.
  stack: 256,
};

/** What a bench's board has, learned from readings without faults: enough to tell a figure that lost a digit. */
export class Truth {
  readonly #seen = new Map<string, Range>();

  learn(reading: Reading): void {
    for (const [name, value] of figuresOf(reading)) {
      const { min, max } = this.#seen.get(name) ?? { min: value, max: value };
      this.#seen.set(name, { min: Math.min(min, value), max: Math.max(max, value) });
    }
  }

  /** What is wrong with a reading, empty where nothing is. */
  problemsOf(reading: Reading): readonly string[] {
    const { heap, map } = reading;
    const problems: string[] = [];
    if (heap.usedBytes + heap.freeBytes !== heap.totalBytes) problems.push("used + free is not the total");
    for (const [name, value] of figuresOf(reading)) {
      const range = this.#seen.get(name) ?? { min: 0, max: 0 };
      const margin = slack[name] ?? 0;
      if (Number.isNaN(value) && name === "growable") continue; // unknown, which is not wrong
      if (!(value >= range.min - margin && value <= range.max + margin))
        problems.push(`${name} is ${value}, seen were ${range.min} to ${range.max}`);
    }
    if (map?.verified === false) problems.push("the map does not agree with its header");
    return problems;
  }
}

/** NaN = unknown. */
function figuresOf({ stack, heap, blocks }: Reading): readonly (readonly [string, number])[] {
  const free = heap.freeBytes / (blocks.sizeBytes ?? Number.NaN);
  return [
    ["stack", stack?.usedBytes ?? Number.NaN],
    ["stack total", stack?.totalBytes ?? Number.NaN],
    ["total", heap.totalBytes],
    ["growable", heap.growableBytes ?? Number.NaN],
    ["used", heap.usedBytes],
    ["block size", blocks.sizeBytes ?? Number.NaN],
    ["blocks", blocks.total ?? Number.NaN],
    ["oneBlock", blocks.oneBlock ?? Number.NaN],
    ["twoBlock", blocks.twoBlock ?? Number.NaN],
    ["largest used", blocks.largestUsed ?? Number.NaN],
    // Free blocks beside the largest run: few, whatever is free.
    ["aside", free - (blocks.largestFree ?? Number.NaN)],
  ];
}
