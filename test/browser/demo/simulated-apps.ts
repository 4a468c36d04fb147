import { seeded } from "../../support/seeded.ts";
import type { HeldObject, SimulatedHeap } from "./simulated-heap.ts";

/** What an application does to its heap in half a minute; `share`: of the day that is over, 0 to 1. */
export type SimulatedApp = (share: number) => void;

/** What MicroPython and an application's code hold from the beginning, as a map of an emulated board shows it. */
const atStart: Readonly<Record<string, number>> = { D: 22, L: 3, S: 8, M: 7, B: 45, h: 120 };

export const simulatedApps = { healthy, leaking, fragmenting } as const;
export type AppName = keyof typeof simulatedApps;

/** A ring that is written in place; scratch strings. */
function healthy(heap: SimulatedHeap): SimulatedApp {
  const random = begin(heap, 1);
  for (let count = 0; count < 60; count++) {
    heap.alloc(16, "A");
    heap.alloc(96);
  }
  for (let count = 0; count < 40; count++) {
    heap.alloc(16, "S");
    heap.alloc(16, "L");
    heap.alloc(32);
  }
  return () => {
    for (let count = 0; count < 5; count++) heap.drop(heap.alloc(16 + random() * 48, "S"));
  };
}

/** A log that only grows, from 9 to 58 kB in a day. */
function leaking(heap: SimulatedHeap): SimulatedApp {
  const random = begin(heap, 2);
  const first = heap.usedBytes;
  let held = 0;
  return (share) => {
    while (held < share * (58_200 - first)) {
      const line = heap.alloc(16, "S");
      const text = heap.alloc(32);
      held += 16 * (line.blocks + text.blocks);
    }
    for (let count = 0; count < 4; count++) heap.drop(heap.alloc(16 + random() * 48, "S"));
  };
}

/** Messages of mixed sizes come in bursts that fill more and more of the heap; some of each burst are kept for hours. */
function fragmenting(heap: SimulatedHeap): SimulatedApp {
  const random = begin(heap, 3);
  const sizes = [64, 96, 160, 320, 48, 224];
  // A bytearray is its head and what it holds.
  const kept: (readonly HeldObject[])[] = [];
  let step = 0;
  return (share) => {
    if (step++ % 10 !== 0) return;
    heap.collect();
    const burst: (readonly HeldObject[])[] = [];
    const level = 14_000 + Math.min(1, share * 1.3) * 46_000;
    while (heap.usedBytes < level) {
      const size = sizes[Math.floor(random() * sizes.length)] ?? 64;
      burst.push([heap.alloc(16, "A"), heap.alloc(size)]);
    }
    const most = 80 + Math.floor(share * 110);
    const drop = (message: readonly HeldObject[]): void => {
      for (const part of message) heap.drop(part);
    };
    for (const message of burst) {
      if (random() < 0.6) kept.push(message);
      else drop(message);
    }
    // Which one is let go has nothing to do with when it came.
    while (kept.length > most)
      for (const gone of kept.splice(Math.floor(random() * kept.length), 1)) drop(gone);
  };
}

function begin(heap: SimulatedHeap, seed: number): () => number {
  const random = seeded(seed);
  for (const [letter, objects] of Object.entries(atStart)) {
    for (let count = 0; count < objects; count++)
      heap.alloc(letter === "h" ? 16 + random() * 60 : 16, letter);
  }
  return random;
}
