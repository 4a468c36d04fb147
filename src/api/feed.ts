import type { FastifyBaseLogger } from "fastify";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { HistoryReader, StoredEvent } from "../store/store-types.ts";
import type { BoardDirectory } from "./board-directory.ts";
import { FeedClient, type FeedClientLimits, type FeedContext, type FeedSocket } from "./feed-client.ts";
import { type EncodedEvent, encodeEvent } from "./feed-events.ts";

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
  bufferedBytes: 256 * 1024,
  waitingEvents: 1000,
  replayPage: 500,
};

export interface FeedOptions {
  readonly store: Pick<HistoryReader, "eventsAfter" | "oldestCursor" | "latestCursor">;
  readonly boards: BoardDirectory;
  readonly clock: Clock;
  /** heapscope's version. */
  readonly version: string;
  readonly logger: FastifyBaseLogger | false;
  readonly limits?: Partial<FeedLimits>;
}

/**
 * Everyone who listens. `publish` is called by the pipeline for every stored event, in order of cursor and in the
 * tick in which it was appended.
 */
export class FeedHub {
  readonly #context: FeedContext;
  readonly #limits: FeedLimits;
  readonly #clock: Clock;
  readonly #clients = new Set<FeedClient>();
  readonly #log: FastifyBaseLogger | undefined;
  #cursor: number;
  #encodings = 0;
  #cancelHeartbeat: CancelTimer | undefined;
  #closing = false;

  /** Throws `store-failed` where the store cannot say its newest cursor. */
  constructor({ store, boards, clock, version, logger, limits }: FeedOptions) {
    this.#limits = { ...feedLimits, ...limits };
    this.#clock = clock;
    this.#log = logger === false ? undefined : logger.child({ part: "feed" });
    this.#cursor = store.latestCursor();
    this.#context = {
      store,
      boards,
      clock,
      heapscope: version,
      limits: this.#limits,
      log: this.#log,
      publishedCursor: () => this.#cursor,
    };
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Events encoded for live sending: at most one per event, whatever the number of clients. */
  get encodings(): number {
    return this.#encodings;
  }

  /** The cursor of the newest published event. */
  get cursor(): number {
    return this.#cursor;
  }

  get clientLimit(): number {
    return this.#limits.clients;
  }

  get isFull(): boolean {
    return this.#clients.size >= this.#limits.clients;
  }

  /** Sends `event` to every client that asked for it. Throws `internal` where its cursor is not above the last. */
  publish(event: StoredEvent): void {
    if (event.cursor <= this.#cursor) {
      const detail = `event ${event.cursor} was published after event ${this.#cursor}`;
      throw heapscopeError("internal", { detail });
    }
    this.#cursor = event.cursor;
    let encoded: EncodedEvent | undefined;
    for (const client of this.#clients) {
      if (!client.wants(event)) continue;
      if (encoded === undefined) {
        encoded = encodeEvent(event);
        this.#encodings++;
      }
      client.offer(encoded);
    }
  }

  /** Greets a new connection. The caller hands on its frames and pongs, and calls `disconnect` when it has ended. */
  connect(socket: FeedSocket): FeedClient {
    const client = new FeedClient(socket, this.#context);
    this.#clients.add(client);
    this.#log?.debug({ clients: this.#clients.size }, "feed client connected");
    if (this.#closing) client.close(1001, "heapscope is stopping");
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
    for (const client of this.#clients) client.close(1001, "heapscope is stopping");
    if (this.#clients.size === 0) return;
    this.#cancelHeartbeat = this.#clock.after(this.#limits.goodbyeMs, () => {
      for (const client of this.#clients) client.terminate();
    });
  }

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = this.#clock.after(this.#limits.heartbeatMs, this.#heartbeat);
    for (const client of this.#clients) client.heartbeat();
  };

  #stopHeartbeat(): void {
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = undefined;
  }
}
