import type { FastifyBaseLogger } from "fastify";
import type { Alert } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { HistoryReader } from "../store/store-types.ts";
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
  /** Host names or addresses, besides the loopback ones, that a request may be addressed to: where it listens. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Path of the console socket; null while there is none. */
  readonly consoleSocket?: (() => string | null) | undefined;
  /** The newest failure worth showing in health. */
  readonly lastError?: (() => LastError | null) | undefined;
  /** The alerts that fire now, also those that the history could not keep. Default: as the history has them. */
  readonly firingAlerts?: (() => readonly Alert[]) | undefined;
  readonly webhooks?: (() => readonly WebhookHealth[]) | undefined;
}
