import type { Logger } from "pino";
import type { LastError } from "../api/api-deps.ts";
import type { FeedHub } from "../api/feed.ts";
import type { BoardSink, NewReading } from "../board/board-sink.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert, Collection, Missed, Reading } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import { asHeapscopeError } from "../shared/errors.ts";
import type { NewEvent, Store, StoredEvent } from "../store/store-types.ts";
import type { AlertWatch } from "./alert-watch.ts";

/** Who sees each result after it was stored and published, or could not be. Must not throw. */
export type ResultWatch = Pick<AlertWatch, "acceptReading" | "acceptMissed" | "acceptBoard">;

/**
 * The one way that every result takes: stored, then published, in the same tick. What could not be stored is not
 * published, because the feed's cursor is the stored row; it is noted as the last error, and the next result is tried
 * as if nothing had happened.
 */
export class Pipeline implements BoardSink {
  readonly #store: Store;
  readonly #feed: Pick<FeedHub, "publish">;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watch: ResultWatch | null;
  #lastError: LastError | null = null;
  /** Ids below zero belong to results that were not stored. */
  #unstoredId = 0;

  constructor(
    store: Store,
    feed: Pick<FeedHub, "publish">,
    clock: Clock,
    log: Logger,
    watch: ResultWatch | null = null,
  ) {
    this.#store = store;
    this.#feed = feed;
    this.#clock = clock;
    this.#log = log;
    this.#watch = watch;
  }

  /** The newest failure of the history, null while it works. */
  get lastError(): LastError | null {
    return this.#lastError;
  }

  /** `dump`: the text that holds the reading's map, as the board printed it. */
  acceptReading(reading: NewReading, dump: Uint8Array | null): Reading & { readonly id: number } {
    const id = this.#accept({ type: "reading", data: reading, ...(dump && { dump }) });
    const stored = { ...reading, id };
    this.#watch?.acceptReading(stored);
    return stored;
  }

  acceptCollection(collection: Collection): Collection {
    return { ...collection, id: this.#accept({ type: "collection", data: collection }) };
  }

  acceptMissed(missed: Missed): void {
    this.#accept({ type: "missed", data: missed });
    this.#watch?.acceptMissed(missed);
  }

  acceptBoard(snapshot: BoardSnapshot): void {
    const { id, name, port, emulated, facts } = snapshot;
    const at = this.#now();
    this.#guarded(() => this.#store.upsertBoard({ id, name, port, emulated, facts }, at));
    this.#accept({ type: "board", boardId: id, at, data: snapshot });
    this.#watch?.acceptBoard(snapshot);
  }

  /** A rule began, or ceased, to be met. */
  acceptAlert(alert: Alert): Alert {
    return { ...alert, id: this.#accept({ type: "alert", data: alert }) };
  }

  /** Stores and publishes; returns the id. */
  #accept(event: NewEvent): number {
    let stored: StoredEvent | undefined;
    this.#guarded(() => {
      [stored] = this.#store.append([event]);
    });
    if (!stored) return --this.#unstoredId;
    this.#feed.publish(stored);
    return stored.cursor;
  }

  /** Runs `work` on the store; a failure is noted, and forgotten by the next success. */
  #guarded(work: () => void): void {
    try {
      work();
      this.#lastError = null;
    } catch (error) {
      const { code, message } = asHeapscopeError(error);
      if (this.#lastError === null) this.#log.error({ code }, message);
      this.#lastError = { at: this.#now(), code, message };
    }
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }
}
