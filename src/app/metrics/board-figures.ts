import type { Registry } from "prom-client";
import type { Reading } from "../../heap/reading.ts";
import { idfTotals } from "../../shared/idf-totals.ts";
import { LabelledGauge } from "./labelled.ts";

/** What is known of one board's heap now. */
export interface HeapNow {
  readonly reading: Reading;
  /** Used bytes right after the newest collection; null before the first. */
  readonly liveBytes: number | null;
}

interface Figure {
  readonly name: string;
  readonly help: string;
  /** Null: the board does not say. */
  readonly of: (now: HeapNow) => number | null;
}

const figures: readonly Figure[] = [
  {
    name: "heapscope_heap_total_bytes",
    help: "Size of the board's heap.",
    of: ({ reading }) => reading.heap.totalBytes,
  },
  {
    name: "heapscope_heap_used_bytes",
    help: "Heap in use, garbage that was not collected yet included.",
    of: ({ reading }) => reading.heap.usedBytes,
  },
  {
    name: "heapscope_heap_free_bytes",
    help: "Free heap, whatever the size of its pieces.",
    of: ({ reading }) => reading.heap.freeBytes,
  },
  {
    name: "heapscope_heap_largest_free_bytes",
    help: "Largest free piece of the heap: no single allocation can be larger.",
    of: ({ reading }) => reading.largestFreeBytes,
  },
  {
    name: "heapscope_heap_growable_bytes",
    help: "What the heap could still grow by (max new split). Not part of the free heap.",
    of: ({ reading }) => reading.heap.growableBytes,
  },
  {
    name: "heapscope_heap_live_bytes",
    help: "Heap in use right after the newest collection that heapscope asked for: without garbage.",
    of: ({ liveBytes }) => liveBytes,
  },
  {
    name: "heapscope_heap_utilization_ratio",
    help: "Used heap divided by total heap, 0 to 1.",
    of: ({ reading }) => reading.utilization,
  },
  {
    name: "heapscope_heap_fragmentation_ratio",
    help: "1 minus the largest free piece divided by all free heap: 0 is one piece, towards 1 only crumbs.",
    of: ({ reading }) => reading.fragmentation,
  },
  {
    name: "heapscope_stack_used_bytes",
    help: "Stack in use when the reading was taken.",
    of: ({ reading }) => reading.stack?.usedBytes ?? null,
  },
  {
    name: "heapscope_idf_heap_free_bytes",
    help: "Free in ESP32's system heap, which lies beside the Python heap; a helper on the board reports it.",
    of: ({ reading }) => idfTotals(reading.helper?.idfHeap ?? null).freeBytes,
  },
  {
    name: "heapscope_idf_heap_largest_free_bytes",
    help: "Largest free piece of ESP32's system heap; a helper on the board reports it.",
    of: ({ reading }) => idfTotals(reading.helper?.idfHeap ?? null).largestFreeBytes,
  },
  {
    name: "heapscope_memory_peak_bytes",
    help: "The most memory that was ever in use (micropython.mem_peak), where a helper on the board reports it.",
    of: ({ reading }) => reading.helper?.peakBytes ?? null,
  },
];

/** The gauges of readings, one series per board. */
export class BoardFigures {
  readonly #gauges: readonly { readonly gauge: LabelledGauge<"board">; readonly of: Figure["of"] }[];

  constructor(registers: Registry[]) {
    this.#gauges = figures.map(({ name, help, of }) => ({
      gauge: new LabelledGauge({ name, help, labelNames: ["board"], registers }),
      of,
    }));
  }

  /** Shows these boards and no others. */
  show(boards: Iterable<readonly [labels: { readonly board: string }, now: HeapNow]>): void {
    for (const { gauge } of this.#gauges) gauge.reset();
    for (const [labels, now] of boards) {
      for (const { gauge, of } of this.#gauges) {
        const value = of(now);
        if (value !== null) gauge.set(labels, value);
      }
    }
  }
}
