/** The contract types of DESIGN: what travels from the parser to the store, the API and the feed. Unknown = null. */

export interface StackFigures {
  readonly usedBytes: number;
  /** Null where the port prints only `stack: N`. */
  readonly totalBytes: number | null;
}

export interface HeapFigures {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** `max new split`: what the heap could still grow by. Not free heap. */
  readonly growableBytes: number | null;
}

export interface BlockFigures {
  readonly sizeBytes: number | null;
  readonly total: number | null;
  readonly oneBlock: number | null;
  readonly twoBlock: number | null;
  readonly largestUsed: number | null;
  readonly largestFree: number | null;
}

/** Free runs of `minBlocks` up to but not including `2 × minBlocks` blocks. */
export interface HistogramBin {
  readonly minBlocks: number;
  readonly runs: number;
  readonly blocks: number;
}

export interface TypeTotals {
  readonly objects: number;
  readonly blocks: number;
}

export interface MapSummary {
  readonly areas: readonly { readonly base: string; readonly blocks: number }[];
  /** True when everything recomputed from the map equals the header. */
  readonly verified: boolean;
  readonly freeRuns: number;
  readonly histogram: readonly HistogramBin[];
  /** By head letter as printed (h, S, A, …). */
  readonly types: Readonly<Record<string, TypeTotals>>;
}

/** What one `mem_info` answer says, before it is known which board said it and when. */
export interface MemInfoFigures {
  readonly stack: StackFigures | null;
  readonly heap: HeapFigures;
  readonly blocks: BlockFigures;
  readonly largestFreeBytes: number | null;
  readonly utilization: number | null;
  readonly fragmentation: number | null;
  readonly map: MapSummary | null;
}

/** A place in the application that its helper marked; `begin`, `end` and `settled` belong to one measured block. */
export interface ReadingMark {
  readonly kind: "point" | "begin" | "end" | "settled";
  /** Empty where the application gave none. */
  readonly label: string;
}

/** One region of ESP32's system heap, which lies beside the Python heap. */
export interface IdfHeapRegion {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
  /** The least that was ever free. */
  readonly minimumFreeBytes: number;
}

/** What only a helper on the board knows. */
export interface HelperFigures {
  /** Hex digits that differ between starts of the helper: `sequence` counts within a run, from 1. */
  readonly run: string;
  readonly sequence: number;
  /** The board's `ticks_ms`; wraps. */
  readonly ticksMs: number;
  readonly mark: ReadingMark | null;
  /** `gc.threshold()`; -1 = it has none. */
  readonly gcThreshold: number | null;
  /** `micropython.mem_peak()`. */
  readonly peakBytes: number | null;
  readonly idfHeap: readonly IdfHeapRegion[] | null;
}

export type ReadingSource = "repl" | "helper" | "file";
export type ReadingPhase = "periodic" | "before-collect" | "after-collect" | "on-demand";

export interface Reading extends MemInfoFigures {
  readonly id: number | null;
  readonly boardId: string | null;
  /** UTC, ISO 8601 with milliseconds: when the answer was complete. */
  readonly at: string | null;
  readonly source: ReadingSource;
  readonly phase: ReadingPhase;
  /** From the request to the end of the answer, as the host saw it: an upper bound of the board's time. */
  readonly durationMs: number | null;
  /** Both directions. */
  readonly wireBytes: number | null;
  /** Null where it is not of a helper. */
  readonly helper: HelperFigures | null;
}

export interface Collection {
  readonly id: number | null;
  readonly boardId: string;
  readonly at: string;
  /** Of its readings. Null: that one is not stored, or not yet. */
  readonly beforeId: number | null;
  readonly afterId: number | null;
  /** Used before minus used after. Negative where the board allocated more meanwhile than there was garbage. */
  readonly reclaimedBytes: number;
  readonly largestFreeGainBytes: number | null;
  readonly fragmentationBefore: number | null;
  readonly fragmentationAfter: number | null;
  /** `gc.collect()` alone, by the board's own microsecond clock. Null where the board has none. */
  readonly pauseMs: number | null;
}

/** A reading that was due and did not come. */
export interface Missed {
  readonly id: number | null;
  readonly boardId: string;
  readonly at: string;
  readonly phase: ReadingPhase;
  /** A code of the error table, or "overlap" when the previous reading was still running. */
  readonly cause: string;
  /** For people: what happened, what it means. */
  readonly detail: string;
}

export type AlertSeverity = "info" | "warning" | "critical";

/** A rule of the configuration began, or ceased, to be met by a board. */
export interface Alert {
  readonly id: number | null;
  readonly boardId: string;
  /** UTC, ISO 8601: when it changed. */
  readonly at: string;
  /** The rule's name. */
  readonly rule: string;
  /** The rule's text, such as `largestFreeBytes < 4096 for 3 readings`. */
  readonly condition: string;
  readonly severity: AlertSeverity;
  readonly state: "firing" | "resolved";
  /** UTC, ISO 8601: when it began to fire; equals `at` of the firing event. */
  readonly since: string;
  /** The figure that decided, in the unit of the rule's metric; null where the rule has none. */
  readonly value: number | null;
  /** One sentence for people: what is the matter, what it means, what to do. */
  readonly message: string;
}
