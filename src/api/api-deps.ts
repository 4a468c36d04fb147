import type { FastifyBaseLogger } from "fastify";
import type { BoardAnalysis } from "../analysis/board-analysis.ts";
import type { MapDiff } from "../heap/map-diff.ts";
import type { Clock } from "../shared/clock.ts";
import type { HistoryReader, StoredMap, TimeSpan } from "../store/store-types.ts";
import type { BoardDirectory } from "./board-directory.ts";
import type { FeedHub } from "./feed.ts";

/** Every block of a dump, as runs of equal letters. */
export interface DecodedMap {
  readonly blockSizeBytes: number;
  readonly areas: readonly {
    /** Hexadecimal address as the board printed it. */
    readonly base: string;
    readonly blocks: number;
    readonly runs: readonly (readonly [letter: string, length: number])[];
  }[];
}

export interface LastError {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** A code of the error table. */
  readonly code: string;
  readonly message: string;
}

/** What two stored maps say to each other. */
export type MapComparison =
  | { readonly kind: "compared"; readonly diff: MapDiff }
  /** A dump no longer parses. */
  | { readonly kind: "damaged"; readonly map: StoredMap }
  /** Their blocks differ in size. */
  | { readonly kind: "incomparable" };

/** What the app is built from; everything is handed in. */
export interface ApiDeps {
  readonly store: HistoryReader;
  readonly boards: BoardDirectory;
  readonly feed: FeedHub;
  /** heapscope's version. */
  readonly version: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly clock: Clock;
  /** A pino logger (or child), or false for silence. */
  readonly logger: FastifyBaseLogger | false;
  /** The map inside a stored dump; undefined where it does not parse. */
  readonly decodeMap: (dump: Uint8Array) => DecodedMap | undefined;
  /** What a board's history says about its memory. Throws `store-failed`. */
  readonly analyze: (boardId: string, span: TimeSpan) => BoardAnalysis;
  readonly diffMaps: (older: StoredMap, newer: StoredMap) => MapComparison;
  /** Host names or addresses, besides the loopback ones, that a request may be addressed to: where it listens. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Path of the console socket; null while there is none. */
  readonly consoleSocket?: (() => string | null) | undefined;
  /** The newest failure worth showing in health. */
  readonly lastError?: (() => LastError | null) | undefined;
}
