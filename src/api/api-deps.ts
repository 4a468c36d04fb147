import type { FastifyBaseLogger } from "fastify";
import type { AdviceReport } from "../advice/finding.ts";
import type { BoardAnalysis } from "../analysis/board-analysis.ts";
import type { MapDiff } from "../heap/map-diff.ts";
import type { Alert } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { AuditEntry, EventType, HistoryReader, StoredMap, TimeSpan } from "../store/store-types.ts";
import type { TokenRecord } from "./access.ts";
import type { BoardDirectory } from "./board-directory.ts";
import type { FeedHub } from "./feed.ts";
import type { MetricsSource } from "./metrics-route.ts";
import type { RateLimits } from "./rate-limits.ts";

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

/** What a board's heap is coming to, of the seven days before `at`. */
export interface BoardTrend {
  readonly boardId: string;
  /** UTC, ISO 8601: when it was computed; null: not yet. */
  readonly at: string | null;
  /** 0: nothing leaks, as far as can be told. Null: unknown. */
  readonly leakBytesPerHour: number | null;
  /** From `at`. Null beside a known leak: the heap does not run out. */
  readonly timeToExhaustionSeconds: number | null;
}

/** Which part of the history is exported, and in which form. */
export interface ExportRequest {
  /** Absent = every board. */
  readonly boardIds?: readonly string[] | undefined;
  readonly format: "ndjson" | "csv";
  /** Absent = every kind, in a CSV readings. */
  readonly type?: EventType | undefined;
  /** UTC, ISO 8601; `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** With the dumps of maps (NDJSON). */
  readonly maps: boolean;
}

/** How a webhook does, since the daemon started. */
export interface WebhookHealth {
  /** Without password and query. */
  readonly url: string;
  /** Alerts that wait, the one that is being sent included. */
  readonly queued: number;
  readonly delivered: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Alerts that were given up: refused, or tried for too long. */
  readonly deadLetters: number;
  /** Alerts that were dropped because too many waited. */
  readonly dropped: number;
  readonly lastError: LastError | null;
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
  /** The history as text, line by line. */
  readonly exportHistory: (request: ExportRequest) => AsyncIterable<string>;
  /** What a board's history says about its memory. Throws `store-failed`. */
  readonly analyze: (boardId: string, span: TimeSpan) => BoardAnalysis;
  /** What of the five tips a board's history speaks for. Throws `store-failed`. */
  readonly advise: (boardId: string, span: TimeSpan) => AdviceReport;
  /** As last computed, one of each watched board. Default: none. */
  readonly trends?: (() => readonly BoardTrend[]) | undefined;
  readonly diffMaps: (older: StoredMap, newer: StoredMap) => MapComparison;
  /** Host names or addresses, besides the loopback ones, that a request may be addressed to: where it listens. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** It listens on every address of the machine, so a request may be addressed to any IP address. */
  readonly anyIpHost?: boolean | undefined;
  /** The tokens there are now, asked for each request. Default: none. */
  readonly tokens?: (() => readonly TokenRecord[]) | undefined;
  /** Whether a request without a token gets nothing but a short health. Default: false, right for loopback only. */
  readonly tokenRequired?: boolean | undefined;
  /** Default: those of rate-limits. */
  readonly rateLimits?: Partial<RateLimits> | undefined;
  /** Writes down what somebody asked of a board. May throw. */
  readonly audit?: ((entry: AuditEntry) => void) | undefined;
  /** Path of the console socket; null while there is none. */
  readonly consoleSocket?: (() => string | null) | undefined;
  /** Events that wait in memory while the history cannot take them, and those lost meanwhile. */
  readonly history?: (() => { readonly waiting: number; readonly dropped: number }) | undefined;
  /** What GET /metrics shows; without it there is no such route. */
  readonly metrics?: MetricsSource | undefined;
  /** The newest failure worth showing in health. */
  readonly lastError?: (() => LastError | null) | undefined;
  /** The alerts that fire now, also those that the history could not keep. Default: as the history has them. */
  readonly firingAlerts?: (() => readonly Alert[]) | undefined;
  /** Where the built web page is, an absolute path; what is not there yet may come. Default: there is none. */
  readonly dashboardDir?: string | undefined;
  readonly webhooks?: (() => readonly WebhookHealth[]) | undefined;
}
