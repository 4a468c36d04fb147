import type { Logger } from "pino";
import type { LastError } from "../api/api-deps.ts";
import { Backoff } from "../shared/backoff.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError } from "../shared/errors.ts";
import { troubleIn } from "../store/store-trouble.ts";
import type { BoardUpdate, NewEvent, Store, StoredEvent } from "../store/store-types.ts";

/** Events that may wait for the history, and bytes of their dumps. Beyond that the oldest goes, or its dump. */
const mostWaiting = 10_000;
const mostDumpBytes = 16 * 1024 * 1024;
/** Events stored in one transaction when the history works again. */
const batchSize = 500;
const firstRetryMs = 1_000;
const lastRetryMs = 15_000;
/** Ids of unstored readings that a later collection may still name. */
const rememberedIds = 1_000;

interface Waiting {
  readonly event: NewEvent;
  /** Below zero: what the event is called until it is stored. */
  readonly id: number;
  readonly board: BoardUpdate | undefined;
}

export interface HistoryWriterOptions {
  readonly store: Pick<Store, "append" | "upsertBoard">;
  readonly clock: Clock;
  readonly log: Logger;
  /** An event that had waited is stored. */
  readonly onStored: (event: StoredEvent) => void;
  /** Everything that had waited is stored. */
  readonly onRecovered?: () => void;
}

/**
 * Writes events into the history, and keeps them in memory, in order, while it cannot take them (disk full, read-only,
 * failing): tried again after 1 to 15 s, so that nothing is lost when the trouble passes. What fails for another reason is
 * given up, and said.
 */
export class HistoryWriter {
  readonly #options: HistoryWriterOptions;
  readonly #waiting: Waiting[] = [];
  readonly #storedIds = new Map<number, number>();
  readonly #retry = new Backoff(firstRetryMs, lastRetryMs);
  #dumpBytes = 0;
  #lastId = 0;
  #dropped = 0;
  #failure: LastError | null = null;
  #cancelRetry: CancelTimer | null = null;

  constructor(options: HistoryWriterOptions) {
    this.#options = options;
  }

  /** The newest failure, null while the history works. */
  get failure(): LastError | null {
    return this.#failure;
  }

  /** Events that wait in memory. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Events lost because too many waited, since start. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Stores `event`, and first what is known of its board. Returns the stored event; or, where that fails, an id below zero that
   * it goes by until `onStored`.
   */
  write(event: NewEvent, board?: BoardUpdate): StoredEvent | number {
    const waiting: Waiting = { event, id: --this.#lastId, board };
    if (this.#waiting.length > 0) {
      this.#enqueue(waiting);
      return waiting.id;
    }
    try {
      const [stored] = this.#append([waiting]);
      this.#failure = null;
      if (stored) return stored;
    } catch (error) {
      if (this.#failed(asHeapscopeError(error))) this.#enqueue(waiting);
    }
    return waiting.id;
  }

  /** Tries once more what waits, then gives it up. */
  stop(): void {
    this.#cancelRetry?.();
    if (this.#waiting.length > 0) this.#flush();
    if (this.#waiting.length > 0) {
      const lost = this.#waiting.length;
      this.#options.log.error(
        { lost },
        `${lost} ${lost === 1 ? "event is" : "events are"} lost: the history could not take ${lost === 1 ? "it" : "them"} until heapscope stopped.`,
      );
    }
  }

  #append(batch: readonly Waiting[]): readonly StoredEvent[] {
    const { store } = this.#options;
    for (const { event, board } of batch) if (board) store.upsertBoard(board, atOf(event));
    const stored = store.append(batch.map(({ event }) => this.#withStoredIds(event)));
    for (const [place, { cursor }] of stored.entries()) {
      const id = batch[place]?.id;
      if (id !== undefined) this.#storedIds.set(id, cursor);
    }
    for (const id of this.#storedIds.keys()) {
      if (this.#storedIds.size <= rememberedIds) break;
      this.#storedIds.delete(id);
    }
    return stored;
  }

  /** What can be stored in one transaction: a collection has to wait until its readings have their ids. */
  #nextBatch(): readonly Waiting[] {
    const batch = this.#waiting.slice(0, batchSize);
    const waits = batch.findIndex(({ event }, place) => place > 0 && this.#waitsForIds(event));
    return waits < 0 ? batch : batch.slice(0, waits);
  }

  #waitsForIds(event: NewEvent): boolean {
    if (event.type !== "collection") return false;
    const { beforeId, afterId } = event.data;
    return [beforeId, afterId].some((id) => id !== null && id < 0 && !this.#storedIds.has(id));
  }

  /** A collection names its readings by the ids they had when it was made. */
  #withStoredIds(event: NewEvent): NewEvent {
    if (event.type !== "collection") return event;
    const { beforeId, afterId } = event.data;
    const stored = (id: number | null): number | null =>
      id === null || id > 0 ? id : (this.#storedIds.get(id) ?? null);
    return { ...event, data: { ...event.data, beforeId: stored(beforeId), afterId: stored(afterId) } };
  }

  #enqueue(waiting: Waiting): void {
    const { log, clock } = this.#options;
    const bytes = dumpBytes(waiting.event);
    const fits = this.#dumpBytes + bytes <= mostDumpBytes;
    this.#waiting.push(fits ? waiting : { ...waiting, event: withoutDump(waiting.event) });
    if (fits) this.#dumpBytes += bytes;
    if (this.#waiting.length > mostWaiting) {
      if (this.#dropped === 0)
        log.error(`More than ${mostWaiting} events wait for the history: the oldest are lost.`);
      this.#dropped++;
      this.#shift(1);
    }
    this.#cancelRetry ??= clock.after(this.#retry.next(), this.#onRetry);
  }

  readonly #onRetry = (): void => {
    this.#cancelRetry = null;
    this.#flush();
    if (this.#waiting.length > 0)
      this.#cancelRetry = this.#options.clock.after(this.#retry.next(), this.#onRetry);
  };

  #flush(): void {
    const { log, onStored } = this.#options;
    const count = this.#waiting.length;
    try {
      while (this.#waiting.length > 0) {
        const stored = this.#append(this.#nextBatch());
        this.#shift(stored.length);
        for (const event of stored) onStored(event);
      }
    } catch (error) {
      if (!this.#failed(asHeapscopeError(error))) this.#giveUpFirst();
      return;
    }
    this.#failure = null;
    this.#retry.reset();
    log.info({ events: count }, "The history works again; what waited is stored.");
    this.#options.onRecovered?.();
  }

  /** One of a batch can never be stored: the first alone, so that the others are not lost with it. */
  #giveUpFirst(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    try {
      const stored = this.#append([first]);
      this.#shift(1);
      for (const event of stored) this.#options.onStored(event);
    } catch (error) {
      if (this.#failed(asHeapscopeError(error))) return;
      this.#dropped++;
      this.#shift(1);
    }
  }

  #shift(count: number): void {
    for (const { event } of this.#waiting.splice(0, count)) this.#dumpBytes -= dumpBytes(event);
  }

  /** Notes a failure; the log hears of the first in a row. Returns whether it may pass. */
  #failed({ code, message, context }: HeapscopeError): boolean {
    const { log, clock } = this.#options;
    if (this.#failure === null) log.error({ code }, message);
    this.#failure = { at: new Date(clock.nowMs()).toISOString(), code, message };
    return code === "store-failed" && troubleIn(context) !== "other";
  }
}

function atOf(event: NewEvent): string {
  return event.type === "board" ? event.at : event.data.at;
}

function dumpBytes(event: NewEvent): number {
  return event.type === "reading" ? (event.dump?.length ?? 0) : 0;
}

/** The reading keeps its summary. */
function withoutDump(event: NewEvent): NewEvent {
  return event.type === "reading" ? { type: "reading", data: event.data } : event;
}
