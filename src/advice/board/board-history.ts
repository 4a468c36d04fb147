import type { BoardAnalysis } from "../../analysis/board-analysis.ts";
import type { CycleEnds } from "../../analysis/churn.ts";
import type { CollectionFigures } from "../../analysis/collections-worth.ts";
import type { ReadingPhase } from "../../heap/reading.ts";
import type { Operator } from "../../shared/comparison.ts";
import type { ModulesSeen } from "../../shared/module-facts.ts";
import type { Method } from "../finding.ts";

/** What a board's half of the advice looks at. Lists are oldest first; times are ms since the epoch. */
export interface BoardHistory {
  readonly boardId: string;
  /** The time that was asked for; `toMs` is not part of it. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly analysis: BoardAnalysis;
  readonly collections: readonly CollectionSeen[];
  /** The newest readings. */
  readonly readings: readonly ReadingSeen[];
  /** Its application reports and collects by itself: the newest reading is a helper's. */
  readonly isHelper: boolean;
  readonly watching: Watching;
  /** Default rules that watch something which no rule in force watches for this board. */
  readonly absentRules: readonly AbsentRule[];
  /** Null: nobody has asked the board. */
  readonly modules: ModulesSeen | null;
}

export interface CollectionSeen extends CycleEnds, CollectionFigures {
  readonly totalBytes: number;
  readonly largestFreeBytes: number | null;
}

export interface ReadingSeen {
  readonly atMs: number;
  readonly usedBytes: number;
  readonly phase: ReadingPhase;
  readonly durationMs: number | null;
}

/** When the board was read, and what is known of the time in which it was not. */
export interface Watching {
  /** Of the stored readings; null: there is none. */
  readonly firstReadingMs: number | null;
  readonly lastReadingMs: number | null;
  /** How often a reading is due, or came in the mean, whichever is longer, ms. */
  readonly readEveryMs: number;
  /** Stretches between two readings that are longer than `longGapMs(readEveryMs)`. */
  readonly gaps: readonly Stretch[];
  readonly missed: readonly { readonly atMs: number; readonly cause: string }[];
  /** Changes of the board's state, by their names in a board's snapshot; null: not known. */
  readonly states: readonly { readonly atMs: number; readonly state: string | null }[];
  /** It has said at least once that it is MicroPython. */
  readonly isIdentified: boolean;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A default rule that is not in force, and of whose kind there is none. */
export interface AbsentRule {
  readonly name: string;
  /** As the configuration writes it. */
  readonly when: string;
  readonly watches:
    | {
        readonly kind: "figure";
        readonly metric: "utilization" | "largestFreeBytes" | "fragmentation";
        readonly operator: Operator;
        /** Bytes, or a share from 0 to 1. */
        readonly threshold: number;
        /** It counts only while more than this share of the heap is in use; null: always. */
        readonly whileUsedShare: number | null;
      }
    | { readonly kind: "leak"; readonly bytesPerHour: number }
    | { readonly kind: "exhaustion"; readonly seconds: number }
    | { readonly kind: "no-readings"; readonly seconds: number }
    | { readonly kind: "state"; readonly state: "rebooting" | "unreachable"; readonly seconds: number };
}

/** A gap this long is no single reading that was missed: three intervals, and at least ten seconds. */
export function longGapMs(readEveryMs: number): number {
  return Math.max(10_000, 3 * readEveryMs);
}

/** From the first reading to the last, UTC, ISO 8601; where there is none, the time that was asked for. */
export function timeOf({ fromMs, toMs, watching }: BoardHistory): {
  readonly from: string;
  readonly to: string;
} {
  const { firstReadingMs, lastReadingMs } = watching;
  return {
    from: new Date(firstReadingMs ?? fromMs).toISOString(),
    to: new Date(lastReadingMs ?? toMs).toISOString(),
  };
}

/** How all findings about a board were measured. */
export function methodOf(history: BoardHistory): Method {
  const { boardId, analysis } = history;
  const { readings, collections } = analysis.counts;
  return { kind: "history", boardId, ...timeOf(history), readings, collections };
}
