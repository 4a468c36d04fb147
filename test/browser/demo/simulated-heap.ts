import { type HeapArea, modernFormat, printDump, type Run } from "../../support/dump-printer.ts";

/** What a simulated application holds; `place` is its first block. */
export interface HeldObject {
  readonly place: number;
  readonly blocks: number;
}

/** As every emulated board of the standard heap prints it. */
const base = 0x30000;
const heapBlocks = 4000;
/** That it could grow, which it never does, emulated boards say as well. */
const newSplit = 134_217_728;
export const blockBytes = 16;

const free = ".".charCodeAt(0);
const tail = "=".charCodeAt(0);

/** One area of blocks with first fit from the bottom and a collector, as py/gc.c has it: enough to fragment honestly. */
export class SimulatedHeap {
  readonly #blocks = Buffer.alloc(heapBlocks, free);
  /** Dropped, but still there until the next collection. */
  #garbage: HeldObject[] = [];
  #used = 0;
  /** Nothing is free below. */
  #lowest = 0;

  /** Collects where there is no room; throws a RangeError where there still is none. */
  alloc(bytes: number, letter = "h"): HeldObject {
    const blocks = Math.max(1, Math.ceil(bytes / blockBytes));
    let place = this.#firstFit(blocks);
    if (place === null) {
      this.collect();
      place = this.#firstFit(blocks);
    }
    if (place === null) throw new RangeError(`no run of ${blocks} blocks is free`);
    this.#blocks.fill(tail, place, place + blocks);
    this.#blocks.write(letter, place);
    this.#used += blocks;
    if (place === this.#lowest) this.#lowest += blocks;
    return { place, blocks };
  }

  drop(object: HeldObject): void {
    this.#garbage.push(object);
  }

  collect(): void {
    for (const { place, blocks } of this.#garbage) {
      this.#blocks.fill(free, place, place + blocks);
      this.#used -= blocks;
    }
    this.#garbage = [];
    this.#lowest = 0;
  }

  get usedBytes(): number {
    return this.#used * blockBytes;
  }

  /** As `micropython.mem_info(1)` prints it; without the map as `mem_info()` does. */
  dump({ map }: { readonly map: boolean }): Uint8Array {
    const text = this.#blocks.toString("latin1");
    const runs = (text.match(/\.+|[A-Za-z]=*/g) ?? []).map((run): Run => [run.charAt(0), run.length]);
    const area: HeapArea = { base, runs };
    return Buffer.from(printDump([area], { ...modernFormat, newSplit, map }), "latin1");
  }

  #firstFit(blocks: number): number | null {
    let found = 0;
    for (let place = this.#lowest; place < heapBlocks; place++) {
      found = this.#blocks[place] === free ? found + 1 : 0;
      if (found === blocks) return place - blocks + 1;
    }
    return null;
  }
}
