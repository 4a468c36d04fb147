import type { ModulesSeen } from "../shared/module-facts.ts";

/** The article's: 1 monitor, 2 precompile and freeze, 3 const(), 4 buffers up front, 5 collect on purpose. */
export type Tip = 1 | 2 | 3 | 4 | 5;

/** What a finding is about. Stable: programs may rely on it. */
export type FindingCode =
  /** 1: while the application runs, nothing can ask the board. */
  | "not-watched-while-running"
  /** 1: the reading interval is too long for what is allocated in it. */
  | "read-too-rarely"
  /** 1: stretches of time without a reading. */
  | "holes-in-history"
  /** 1: no rule would have told in time. */
  | "alert-missing"
  /** 2: a module as .py that could be .mpy or frozen. */
  | "precompile"
  /** 2: a .py beside the .mpy of the same name, which is never imported then. */
  | "shadowed-mpy"
  /** 2: another order of imports leaves a larger free block. */
  | "import-order"
  /** 2: a watched board has loaded a module from source. */
  | "loaded-from-source"
  /** 3: module-level names that could be const(). */
  | "const"
  /** 4: a statement in a loop that allocates, and need not. */
  | "allocates-in-loop"
  /** 4: a pass of an endless loop allocates where no other finding is. */
  | "pass-allocates"
  /** 4: a watched board's garbage per second. */
  | "churn"
  /** 5: gc.collect() after the imports leaves a larger free block. */
  | "collect-after-imports"
  /** 5: how often a collection is worth its pause. */
  | "collect-period";

/** Where in the source. */
export interface Place {
  /** As the user named it, relative to the folder that was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * One side of a comparison: what was measured of one form of the code or of one way to run the board. Null = not part of
 * this comparison. Bytes are the sizes of whole heap blocks.
 */
export interface Measured {
  /** `.py`, `.mpy`, `frozen`, `as it is`, `with const()`, … */
  readonly label: string;
  /** In use after `gc.collect()`, beyond what the interpreter itself uses. */
  readonly usedBytes: number | null;
  readonly largestFreeBytes: number | null;
  /** 1 − largest free run ÷ free, after `gc.collect()`. */
  readonly fragmentation: number | null;
  /** The least free heap with which it succeeds: the peak. */
  readonly neededBytes: number | null;
  /** Allocated in one pass of the loop, garbage or not. */
  readonly bytesPerPass: number | null;
  readonly bytesPerSecond: number | null;
  readonly pauseMs: number | null;
}

/** What the change is worth. */
export interface Saving {
  readonly bytes: number;
  readonly of: /** Heap in use, for as long as the application runs. */
    | "heap"
    /** Heap needed for a moment, while a module is compiled. */
    | "peak"
    /** Gained by the largest free block. */
    | "largest-free"
    /** Not allocated any more in each pass of a loop. */
    | "each-pass"
    /** Not allocated any more in each second. */
    | "each-second"
    /** The same where only a part of what is allocated shows: a lower bound. */
    | "each-second-or-more";
  /** The part that any change could save at most: what the statement allocates, where no changed form was run. */
  readonly atMost: boolean;
}

/** How it was measured. */
export type Method =
  | {
      readonly kind: "interpreter";
      /** `MicroPython 1.27.0 (WebAssembly)` */
      readonly interpreter: string;
      /** Null: it grew as it had to. */
      readonly heapBytes: number | null;
      /** Fresh interpreters per form. */
      readonly repeats: number;
      /** Greatest difference between repeats of the same form; 0 where there is one. */
      readonly spreadBytes: number;
    }
  | {
      readonly kind: "emulated-board";
      readonly interpreter: string;
      readonly heapBytes: number;
      readonly seconds: number;
    }
  | {
      readonly kind: "history";
      readonly boardId: string;
      /** UTC, ISO 8601: of the first and the last reading. */
      readonly from: string;
      readonly to: string;
      readonly readings: number;
      readonly collections: number;
    };

/** What collecting on a period gives and takes: one point of the curve behind an advice. */
export interface CurvePoint {
  readonly everySeconds: number;
  /** Garbage gathered by then. */
  readonly reclaimedBytes: number;
  /** Share of the board's time that pauses take. */
  readonly pauseShare: number;
}

export interface Finding {
  readonly tip: Tip;
  readonly code: FindingCode;
  /** What is so, as one sentence. */
  readonly title: string;
  /** Null: it is about the board, or the application as a whole. */
  readonly place: Place | null;
  readonly before: Measured | null;
  readonly after: Measured | null;
  /** Other forms that were measured, such as what freezing would leave. */
  readonly others: readonly Measured[];
  /** Null: it saves no bytes by itself, such as watching. */
  readonly saving: Saving | null;
  readonly method: Method;
  /** What to do, as one or more sentences. */
  readonly change: string;
  /** `high`: both forms ran, and repeats agree. `medium`: one form ran, or they differ somewhat. `low`: few figures. */
  readonly confidence: "high" | "medium" | "low";
  /** Empty where there is none. */
  readonly curve: readonly CurvePoint[];
}

/** Seen in the source or in the history, but no finding: it could not be measured, or was measured to save nothing. */
export interface NotMeasured {
  readonly tip: Tip;
  readonly code: FindingCode;
  readonly place: Place | null;
  readonly title: string;
  /** Why it is none. */
  readonly reason: string;
}

/** A file that could not be used: what is wrong with it, and what is left out because of it. */
export interface Problem {
  readonly file: string;
  /** From 1; null: the file as a whole. */
  readonly line: number | null;
  readonly text: string;
}

/** What `heapscope advise` and `GET boards/:id/advice` answer. */
export interface AdviceReport {
  readonly subject:
    | {
        readonly kind: "files";
        readonly paths: readonly string[];
        /** Sources that run, by name: what findings can be about. */
        readonly measured: readonly string[];
        readonly interpreter: string;
        readonly heapBytes: number;
      }
    | {
        readonly kind: "board";
        readonly boardId: string;
        /** UTC, ISO 8601: of the first and the last reading; where there is none, the time that was asked for. */
        readonly from: string;
        readonly to: string;
        /** What it rests on. */
        readonly readings: number;
        readonly collections: number;
        /** What the board had loaded when that was last asked; null: nobody has asked since the daemon started. */
        readonly modules: ModulesSeen | null;
      };
  /** By bytes saved, most first; those that save none at the end. */
  readonly findings: readonly Finding[];
  readonly notMeasured: readonly NotMeasured[];
  readonly problems: readonly Problem[];
}

/** Nothing measured yet: a `Measured` is written as what differs from this. */
export const nothingMeasured: Measured = {
  label: "",
  usedBytes: null,
  largestFreeBytes: null,
  fragmentation: null,
  neededBytes: null,
  bytesPerPass: null,
  bytesPerSecond: null,
  pauseMs: null,
};

/** By bytes saved, most first; then by tip and place, so that the same code gets the same order. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) =>
      (other.saving?.bytes ?? -1) - (one.saving?.bytes ?? -1) ||
      one.tip - other.tip ||
      compareText(one.place?.file ?? "", other.place?.file ?? "") ||
      (one.place?.line ?? 0) - (other.place?.line ?? 0),
  );
}

/** The same order on every machine, whatever its language. */
const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
