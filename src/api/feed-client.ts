import type { FastifyBaseLogger } from "fastify";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert } from "../heap/reading.ts";
import { utf8Text } from "../shared/bytes.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { asHeapscopeError, HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { TokenBucket, type TokenBucketLimits } from "../shared/token-bucket.ts";
import type { EventType, HistoryReader } from "../store/store-types.ts";
import type { BoardDirectory } from "./board-directory.ts";
import { ClientOutbox, type OutboxLimits, type OutboxSocket } from "./client-outbox.ts";
import type { EventBatch } from "./event-batch.ts";
import { feedCloseCodes } from "./feed-close-codes.ts";
import { encodeEvent } from "./feed-events.ts";
import {
  errorFrame,
  gapFrame,
  helloFrame,
  markFrame,
  parseClientMessage,
  snapshotFrame,
} from "./feed-messages.ts";
import type { ReplayTurns } from "./replay-turns.ts";
import type { SubscribeMessage } from "./schemas-feed.ts";

export interface FeedSocket extends OutboxSocket {
  close(code: number, reason: string): void;
  ping(): void;
  /** Ends the connection without a goodbye. */
  terminate(): void;
}

export interface FeedClientLimits extends OutboxLimits {
  readonly subscribeMs: number;
  readonly messageBytes: number;
  /** Messages and pings that a client may send. */
  readonly messages: TokenBucketLimits;
  /** Events per page of a replay. */
  readonly replayPage: number;
  /** A page that has reached so many bytes ends. */
  readonly replayBytes: number;
}

/** What all clients share. */
export interface FeedContext {
  readonly store: Pick<HistoryReader, "eventsAfter" | "oldestCursor" | "firingAlerts">;
  readonly boards: BoardDirectory;
  readonly clock: Clock;
  readonly heapscope: string;
  readonly limits: FeedClientLimits;
  readonly log: FastifyBaseLogger | undefined;
  readonly turns: ReplayTurns;
  /** The cursor of the newest published event. Throws `store-failed` while history cannot say it. */
  publishedCursor(): number;
  /** The same, and null in place of an error. */
  knownCursor(): number | null;
  /** The name of the history; null while it cannot be read. */
  historyId(): string | null;
  /** Hands out what was published but not handed out yet. */
  flush(): void;
  /** A client was cut off because it was too slow. */
  onCutOff(): void;
}

interface Subscription {
  /** Ids and names. Undefined: every board. */
  readonly boards: ReadonlySet<string> | undefined;
  readonly types: ReadonlySet<EventType> | undefined;
  readonly marks: boolean;
}

type State =
  | { readonly kind: "unsubscribed"; readonly cancel: CancelTimer }
  /** The answer to a subscribe waits until the client takes what it was sent before. */
  | { readonly kind: "asked"; readonly subscription: Subscription }
  | { readonly kind: "replaying"; readonly subscription: Subscription; readonly after: number }
  | { readonly kind: "live"; readonly subscription: Subscription }
  | { readonly kind: "closed" };

/**
 * One connection's conversation: hello, subscribe, snapshot or replay, live.
 *
 * Going live without a hole or a double: a replay is read from the store in pages, each bounded by the newest
 * *published* cursor, and while it lasts live events pass this client by (they are stored before they are published).
 * The page that comes back short has reached that cursor; in the same tick the client turns live, so the next
 * `publish` is the first event it has not had. A snapshot names the same cursor in the same way.
 *
 * Bounded in memory whatever the client does: every answer, and every page of a replay, waits until the operating system
 * has taken what came before, and a newer subscribe takes the place of one that waits.
 */
export class FeedClient {
  readonly #socket: FeedSocket;
  readonly #context: FeedContext;
  readonly #outbox: ClientOutbox;
  readonly #bucket: TokenBucket;
  #state: State;
  #ponged = true;

  constructor(socket: FeedSocket, context: FeedContext) {
    const { clock, limits, heapscope } = context;
    this.#socket = socket;
    this.#context = context;
    this.#outbox = new ClientOutbox(socket, limits, () => this.#cutOff());
    this.#bucket = new TokenBucket(clock, limits.messages);
    const cancel = clock.after(limits.subscribeMs, () => {
      this.#fail(
        heapscopeError("feed-silent-client", { waitedMs: limits.subscribeMs }),
        feedCloseCodes.refused.code,
      );
    });
    this.#state = { kind: "unsubscribed", cancel };
    this.#outbox.write(helloFrame(heapscope, context.knownCursor(), context.historyId()));
  }

  /** Events that wait for the client to catch up. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** A frame from the client. */
  receive(bytes: Uint8Array, isBinary: boolean): void {
    if (!this.#isWithinRate()) return;
    const { messageBytes } = this.#context.limits;
    if (bytes.length > messageBytes) {
      this.#refuse(
        `it has ${bytes.length} bytes, the limit is ${messageBytes}`,
        feedCloseCodes.tooLarge.code,
      );
    } else if (isBinary) {
      this.#refuse("it is binary, the feed speaks JSON text", feedCloseCodes.binary.code);
    } else {
      const parsed = parseClientMessage(utf8Text(bytes));
      if (parsed.kind === "invalid") this.#refuse(parsed.detail, parsed.closeCode);
      else this.#guarded(() => this.#subscribe(parsed.message));
    }
  }

  /** The client sent a ping. Its pong needs room in the socket like any other answer, so pings count as messages. */
  pinged(): void {
    this.#isWithinRate();
  }

  /** The client answered a ping. */
  pong(): void {
    this.#ponged = true;
  }

  /**
   * Pings; ends the connection where the last ping was not answered. Messages are no answer: a client that sends and never
   * reads is as good as dead.
   */
  heartbeat(): void {
    if (!this.#ponged) {
      this.#context.log?.info("feed client is gone: no answer to a ping");
      this.#socket.terminate();
      return;
    }
    this.#ponged = false;
    this.#socket.ping();
    const isMarked = this.#state.kind === "live" && this.#state.subscription.marks;
    if (isMarked && this.#outbox.isIdle) this.#outbox.write(markFrame(this.#context.knownCursor()));
  }

  /** Takes of `batch` what the client has subscribed to. */
  offer(batch: EventBatch): void {
    if (this.#state.kind !== "live") return;
    const { boards, types } = this.#state.subscription;
    const portion = batch.portion(
      ({ type, boardId, boardName }) =>
        (types === undefined || types.has(type)) &&
        (boards === undefined || boards.has(boardId) || boards.has(boardName() ?? "")),
    );
    if (portion !== undefined) this.#outbox.push(portion);
  }

  close(code: number, reason: string): void {
    this.closed();
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.closed();
    this.#socket.terminate();
  }

  /** The connection has ended, whoever ended it. */
  closed(): void {
    if (this.#state.kind === "unsubscribed") this.#state.cancel();
    this.#state = { kind: "closed" };
    this.#outbox.clear();
  }

  #isWithinRate(): boolean {
    if (this.#state.kind === "closed") return false;
    if (this.#bucket.take()) return true;
    const { perSecond } = this.#context.limits.messages;
    this.#fail(heapscopeError("feed-flooded", { perSecond }), feedCloseCodes.refused.code);
    return false;
  }

  #subscribe({ boards, types, after, history, marks = false }: SubscribeMessage): void {
    const unusable = after === undefined ? undefined : this.#unusableCursor(after, history);
    if (unusable !== undefined) {
      // Not closed: the client may subscribe again, without a cursor.
      if (this.#outbox.isIdle) this.#outbox.write(errorFrame(unusable));
      else this.#cutOff();
      return;
    }
    if (this.#state.kind === "unsubscribed") this.#state.cancel();
    const subscription = {
      boards: boards.includes("*") ? undefined : new Set(boards),
      types: types && new Set(types),
      marks,
    };
    // A second subscribe replaces the first; what waited is covered by what comes now.
    this.#outbox.clear();
    this.#become({ kind: "asked", subscription }, () => this.#answer(subscription, after));
  }

  #unusableCursor(after: number, history: string | undefined): HeapscopeError | undefined {
    const latest = this.#context.publishedCursor();
    if (history !== undefined && history !== this.#context.historyId()) {
      return heapscopeError("feed-cursor-foreign", { after, history });
    }
    return after > latest ? heapscopeError("feed-cursor-ahead", { after, latest }) : undefined;
  }

  #answer(subscription: Subscription, after: number | undefined): void {
    const oldest = after === undefined ? 0 : this.#context.store.oldestCursor();
    if (after !== undefined && after >= oldest) {
      this.#replayFrom(subscription, after);
      return;
    }
    if (after !== undefined) this.#outbox.write(gapFrame(oldest));
    const boards = this.#snapshots(subscription);
    const frame = snapshotFrame(boards, this.#firing(subscription, boards), this.#context.knownCursor());
    this.#outbox.write(frame);
    this.#goLive(subscription);
  }

  #replayFrom(subscription: Subscription, after: number): void {
    const here: State = { kind: "replaying", subscription, after };
    this.#become(here, () => {
      this.#context.turns.add(() => {
        if (this.#state === here) this.#guarded(() => this.#replayPage(subscription, after));
      });
    });
  }

  /** Sends what fits of the next page, and goes live where it was the last. */
  #replayPage(subscription: Subscription, after: number): void {
    const { store, limits, publishedCursor } = this.#context;
    const through = publishedCursor();
    const events = store.eventsAfter(after, {
      boards: this.#idsOf(subscription),
      types: subscription.types && [...subscription.types],
      through,
      limit: limits.replayPage,
    });
    const frames: Buffer[] = [];
    let bytes = 0;
    let last = after;
    for (const event of events) {
      if (bytes >= limits.replayBytes) break;
      const { frame } = encodeEvent(event);
      frames.push(frame);
      bytes += frame.length;
      last = event.cursor;
    }
    if (frames.length > 0) this.#outbox.write(Buffer.concat(frames, bytes));
    if (frames.length < events.length || events.length === limits.replayPage) {
      this.#replayFrom(subscription, last);
      return;
    }
    if (subscription.marks) this.#outbox.write(markFrame(through));
    this.#goLive(subscription);
  }

  /** Everything published up to now is covered, and must not come from the batch once more. */
  #goLive(subscription: Subscription): void {
    this.#context.flush();
    this.#state = { kind: "live", subscription };
  }

  /** Changes to `state` and goes on with `next` when there is room, unless something else has happened by then. */
  #become(state: State, next: () => void): void {
    this.#state = state;
    this.#outbox.whenRoom(() => {
      if (this.#state === state) this.#guarded(next);
    });
  }

  /** Ids for a replay: names become the ids they stand for now. */
  #idsOf({ boards }: Subscription): readonly string[] | undefined {
    if (boards === undefined) return undefined;
    const ids = [...boards].map((board) => this.#context.boards.find(board)?.snapshot().id ?? board);
    return [...new Set(ids)];
  }

  #snapshots({ boards }: Subscription): readonly BoardSnapshot[] {
    const all = this.#context.boards.list();
    return boards === undefined ? all : all.filter(({ id, name }) => boards.has(id) || boards.has(name));
  }

  /** Null where history cannot be read: a full disk must not end the feed. */
  #firing({ boards }: Subscription, snapshots: readonly BoardSnapshot[]): readonly Alert[] | null {
    try {
      const firing = this.#context.store.firingAlerts();
      if (boards === undefined) return firing;
      const ids = new Set([...boards, ...snapshots.map(({ id }) => id)]);
      return firing.filter(({ boardId }) => ids.has(boardId));
    } catch (error) {
      if (!(error instanceof HeapscopeError)) throw error;
      return null;
    }
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const failure = asHeapscopeError(error);
      // Whoever writes says that the history fails; clients may ask for it many times meanwhile.
      if (failure.code !== "store-failed")
        this.#context.log?.error({ err: error }, "feed client could not be served");
      this.#fail(failure, feedCloseCodes.failed.code);
    }
  }

  #refuse(detail: string, closeCode: number): void {
    this.#fail(heapscopeError("feed-message-invalid", { detail }), closeCode);
  }

  #fail(error: HeapscopeError, closeCode: number): void {
    // A client comes back again and again while the history fails, which is told of once, elsewhere.
    const level = error.code === "store-failed" ? "debug" : "info";
    this.#context.log?.[level]({ code: error.code, closeCode }, "feed client refused");
    this.#outbox.write(errorFrame(error));
    this.close(closeCode, error.code);
  }

  #cutOff(): void {
    this.#context.log?.warn("feed client cut off: it does not take its events");
    this.#context.onCutOff();
    this.close(feedCloseCodes.slow.code, "Too slow: too many events were waiting. Resume by cursor.");
  }
}
