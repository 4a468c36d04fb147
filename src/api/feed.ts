import type { FastifyBaseLogger } from "fastify";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { HistoryReader, NewEvent, StoredEvent } from "../store/store-types.ts";
import type { BoardDirectory } from "./board-directory.ts";
import { EventBatch } from "./event-batch.ts";
import { FeedClient, type FeedClientLimits, type FeedContext, type FeedSocket } from "./feed-client.ts";
import { feedCloseCodes } from "./feed-close-codes.ts";
import { ReplayTurns } from "./replay-turns.ts";

export interface FeedLimits extends FeedClientLimits {
  readonly clients: number;
  readonly heartbeatMs: number;
  /** After a goodbye, so long until the connection is cut. */
  readonly goodbyeMs: number;
}

export const feedLimits: FeedLimits = {
  clients: 2048,
  heartbeatMs: 30_000,
  goodbyeMs: 1000,
  subscribeMs: 10_000,
  messageBytes: 64 * 1024,
  messages: { burst: 20, perSecond: 2 },
  bufferedBytes: 256 * 1024,
  waitingEvents: 1000,
  replayPage: 200,
  replayBytes: 256 * 1024,
};

/** So many events are handed out at once, even in the middle of a turn: more would cost a slow client too much memory. */
const largestBatch = 64;

export interface FeedOptions {
  readonly store: Pick<
    HistoryReader,
    "eventsAfter" | "oldestCursor" | "latestCursor" | "firingAlerts" | "historyId"
  >;
  readonly boards: BoardDirectory;
  readonly clock: Clock;
  /** heapscope's version. */
  readonly version: string;
  readonly logger: FastifyBaseLogger | false;
  readonly limits?: Partial<FeedLimits>;
}

/**
 * Everyone who listens. `publish` is called by the pipeline for every stored event, in order of cursor and in the
 * tick in which it was appended. Events are handed out once a turn of the event loop: when much happens at once, each
 * client costs one write for all of it.
 */
export class FeedHub {
  readonly #context: FeedContext;
  readonly #limits: FeedLimits;
  readonly #clock: Clock;
  readonly #clients = new Set<FeedClient>();
  readonly #log: FastifyBaseLogger | undefined;
  /** Of the newest published event; undefined while history, unreadable since the start, has not said it. */
  #cursor: number | undefined;
  #batch: EventBatch;
  #flushing: NodeJS.Immediate | undefined;
  #encodings = 0;
  #published = 0;
  #cutOffs = 0;
  #cancelHeartbeat: CancelTimer | undefined;
  #closing = false;

  constructor({ store, boards, clock, version, logger, limits }: FeedOptions) {
    this.#limits = { ...feedLimits, ...limits };
    this.#clock = clock;
    this.#log = logger === false ? undefined : logger.child({ part: "feed" });
    this.#context = {
      store,
      boards,
      clock,
      heapscope: version,
      limits: this.#limits,
      log: this.#log,
      turns: new ReplayTurns(),
      publishedCursor: () => {
        this.#cursor ??= store.latestCursor();
        return this.#cursor;
      },
      knownCursor: () => this.cursor,
      historyId: () => {
        try {
          return store.historyId();
        } catch (error) {
          if (!(error instanceof HeapscopeError)) throw error;
          return null;
        }
      },
      flush: this.#flush,
      onCutOff: () => {
        this.#cutOffs++;
      },
    };
    this.#batch = this.#newBatch();
    // Now, if possible: the first event must find out whether it is in order.
    this.#context.knownCursor();
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Events published with a cursor, since start. */
  get published(): number {
    return this.#published;
  }

  /** Events that wait because their clients are slow, over all clients. */
  get waiting(): number {
    let waiting = 0;
    for (const client of this.#clients) waiting += client.waiting;
    return waiting;
  }

  /** Clients that were closed with 1013, too slow, since start. */
  get cutOffs(): number {
    return this.#cutOffs;
  }

  /** What a client may do, and what it may cost. */
  get limits(): FeedLimits {
    return this.#limits;
  }

  /** Events encoded for live sending: at most one per event, whatever the number of clients. */
  get encodings(): number {
    return this.#encodings;
  }

  /** The cursor of the newest published event; null while history cannot say it. */
  get cursor(): number | null {
    try {
      return this.#context.publishedCursor();
    } catch (error) {
      if (!(error instanceof HeapscopeError)) throw error;
      return null;
    }
  }

  get clientLimit(): number {
    return this.#limits.clients;
  }

  get isFull(): boolean {
    return this.#clients.size >= this.#limits.clients;
  }

  /** Sends `event` to every client that asked for it. Throws `internal` where its cursor is not above the last. */
  publish(event: StoredEvent): void {
    if (this.#cursor !== undefined && event.cursor <= this.#cursor) {
      const detail = `event ${event.cursor} was published after event ${this.#cursor}`;
      throw heapscopeError("internal", { detail });
    }
    this.#cursor = event.cursor;
    this.#published++;
    this.#batch.add(event);
    this.#flushSoon();
  }

  /**
   * Sends `event`, which history cannot take at the moment, to every live client that wants such events: without a cursor, and
   * only the newest to a slow one. Never throws, never waits.
   */
  publishUnstored(event: NewEvent): void {
    this.#batch.addUnstored(event);
    this.#flushSoon();
  }

  /** Greets a new connection. The caller hands on its frames and pongs, and calls `disconnect` when it has ended. */
  connect(socket: FeedSocket): FeedClient {
    const client = new FeedClient(socket, this.#context);
    this.#clients.add(client);
    this.#log?.debug({ clients: this.#clients.size }, "feed client connected");
    if (this.#closing) client.close(feedCloseCodes.stopping.code, "heapscope is stopping");
    this.#cancelHeartbeat ??= this.#clock.after(this.#limits.heartbeatMs, this.#heartbeat);
    return client;
  }

  disconnect(client: FeedClient): void {
    client.closed();
    if (!this.#clients.delete(client)) return;
    this.#log?.debug({ clients: this.#clients.size }, "feed client disconnected");
    if (this.#clients.size === 0) this.#stopHeartbeat();
  }

  /** Says goodbye (1001) to every client, and cuts off those that do not answer. A second call does nothing. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#stopHeartbeat();
    this.#flush();
    for (const client of this.#clients) client.close(feedCloseCodes.stopping.code, "heapscope is stopping");
    if (this.#clients.size === 0) return;
    this.#cancelHeartbeat = this.#clock.after(this.#limits.goodbyeMs, () => {
      for (const client of this.#clients) client.terminate();
    });
  }

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = this.#clock.after(this.#limits.heartbeatMs, this.#heartbeat);
    // A mark names the newest cursor, so everything up to it must be on its way.
    this.#flush();
    for (const client of this.#clients) client.heartbeat();
  };

  #flushSoon(): void {
    if (this.#batch.size >= largestBatch) this.#flush();
    else this.#flushing ??= setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const batch = this.#batch;
    if (batch.size === 0) return;
    this.#batch = this.#newBatch();
    for (const client of this.#clients) client.offer(batch);
    this.#encodings += batch.encodings;
  };

  #newBatch(): EventBatch {
    return new EventBatch((boardId) => this.#context.boards.find(boardId)?.snapshot().name);
  }

  #stopHeartbeat(): void {
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = undefined;
  }
}
