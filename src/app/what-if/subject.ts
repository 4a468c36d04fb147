import type { FreeRanges } from "../../heap/free-ranges.ts";

export type { Allocation, FirstFit } from "../../heap/first-fit.ts";
export type { FreeRanges } from "../../heap/free-ranges.ts";
export type { WhatIf, WhatIfVerdict } from "../../heap/what-if.ts";

/** Where the heap that is asked about was seen. */
export type HeapSource =
  /** `line`: 1-based, where the dump begins; `dumps`: how many the text holds, the damaged ones included; `which`: this one's number, from 1. */
  | {
      readonly kind: "dump";
      readonly file: string;
      readonly line: number;
      readonly which: number;
      readonly dumps: number;
    }
  /** Read now. */
  | { readonly kind: "port"; readonly port: string }
  | { readonly kind: "daemon"; readonly boardId: string }
  /** A map from the daemon's history. `at`: UTC, ISO 8601, when it was read; `ageMs`: since then; `reason`: a sentence, why it is not read now. */
  | {
      readonly kind: "stored";
      readonly boardId: string;
      readonly at: string | null;
      readonly ageMs: number | null;
      readonly reason: string;
    };

/** A heap to try allocations in. */
export interface WhatIfSubject {
  /** For people. */
  readonly name: string;
  readonly source: HeapSource;
  readonly now: FreeRanges;
  readonly collected: CollectedHeap;
  /** How far the heap can grow; null: not at all, or not known. Bytes. */
  readonly growableBytes: number | null;
}

/** `reason`: a sentence. */
export type CollectedHeap =
  | { readonly kind: "known"; readonly free: FreeRanges }
  | { readonly kind: "unknown"; readonly reason: string };
