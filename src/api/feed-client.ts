import type { FastifyBaseLogger } from "fastify";
import type { BoardSnapshot } from "../board/board-status.ts";
import { utf8Text } from "../shared/bytes.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { EventType, HistoryReader } from "../store/store-types.ts";
import type { BoardDirectory } from "./board-directory.ts";
import { ClientOutbox, type OutboxLimits, type OutboxSocket } from "./client-outbox.ts";
import { type EncodedEvent, encodeEvent } from "./feed-events.ts";
import {
  errorMessage,
  gapMessage,
  helloMessage,
  parseClientMessage,
  type Subscribe,
  snapshotMessage,
} from "./feed-messages.ts";

export interface FeedSocket extends OutboxSocket {
  close(code: number, reason: string): void;
  ping(): void;
  /** Ends the connection without a goodbye. */
  terminate(): void;
}

export interface FeedClientLimits extends OutboxLimits {
  readonly subscribeMs: number;
  readonly messageBytes: number;
  /** Events per page of a replay. */
  readonly replayPage: number;
}

/** What all clients share. */
export interface FeedContext {
  readonly store: Pick<HistoryReader, "eventsAfter" | "oldestCursor">;
  readonly boards: BoardDirectory;
  readonly clock: Clock;
  readonly heapscope: string;
  readonly limits: FeedClientLimits;
  readonly log: FastifyBaseLogger | undefined;
  /** The cursor of the newest published event. */
  publishedCursor(): number;
}

interface Subscription {
  /** Undefined: every board. */
  readonly boards: ReadonlySet<string> | undefined;
  readonly types: ReadonlySet<EventType> | undefined;
}

type State =
  | { readonly kind: "unsubscribed"; readonly cancel: CancelTimer }
  | { readonly kind: "replaying"; readonly subscription: Subscription; readonly after: number }
  | { readonly kind: "live"; readonly subscription: Subscription }
  | { readonly kind: "closed" };

/**
 * One connection's conversation: hello, subscribe, snapshot or replay, live.
 *
 * Going live without a hole or a double: a replay is read from the store in pages, each bounded by the newest
 * *published* cursor, and while it lasts live events pass this client by (they are stored before they are published).
 * The page that comes back short has reached that cursor; in the same tick the client turns live, so the next
 * `publish` is the first event it has not had. A snapshot names the same cursor in the same way. The next page is read
 * when the operating system has taken the one before, so a slow client holds one page of memory.
 */
export class FeedClient {
  readonly #socket: FeedSocket;
  readonly #context: FeedContext;
  readonly #outbox: ClientOutbox;
  #state: State;
  #answered = true;

  constructor(socket: FeedSocket, context: FeedContext) {
    const { clock, limits, heapscope } = context;
    this.#socket = socket;
    this.#context = context;
    this.#outbox = new ClientOutbox(socket, limits, () => {
      context.log?.warn("feed client cut off: it does not take its events");
      this.close(1013, "Too slow: too many events were waiting. Resume by cursor.");
    });
    const cancel = clock.after(limits.subscribeMs, () => {
      this.#fail(heapscopeError("feed-silent-client", { waitedMs: limits.subscribeMs }), 1008);
    });
    this.#state = { kind: "unsubscribed", cancel };
    this.#send(helloMessage(heapscope, context.publishedCursor()));
  }

  /** A frame from the client. */
  receive(bytes: Uint8Array, isBinary: boolean): void {
    this.#answered = true;
    if (this.#state.kind === "closed") return;
    const { messageBytes } = this.#context.limits;
    if (bytes.length > messageBytes) {
      this.#refuse(`it has ${bytes.length} bytes, the limit is ${messageBytes}`, 1009);
    } else if (isBinary) {
      this.#refuse("it is binary, the feed speaks JSON text", 1003);
    } else {
      const parsed = parseClientMessage(utf8Text(bytes));
      if (parsed.kind === "invalid") this.#refuse(parsed.detail, parsed.closeCode);
      else this.#guarded(() => this.#subscribe(parsed.message));
    }
  }

  /** The client answered a ping. */
  pong(): void {
    this.#answered = true;
  }

  /** Pings; ends the connection where the last ping was not answered. */
  heartbeat(): void {
    if (!this.#answered) {
      this.#context.log?.info("feed client is gone: no answer to a ping");
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  wants({ boardId, type }: { readonly boardId: string; readonly type: EventType }): boolean {
    if (this.#state.kind !== "live") return false;
    const { boards, types } = this.#state.subscription;
    return (boards === undefined || boards.has(boardId)) && (types === undefined || types.has(type));
  }

  /** Sends a live event; call only where `wants` said so. */
  offer(event: EncodedEvent): void {
    this.#outbox.push(event);
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

  #subscribe({ boards, types, after }: Subscribe): void {
    const { store, publishedCursor } = this.#context;
    const latest = publishedCursor();
    if (after !== undefined && after > latest) {
      // Not closed: the client may subscribe again, without a cursor.
      this.#send(errorMessage(heapscopeError("feed-cursor-ahead", { after, latest })));
      return;
    }
    const oldest = after === undefined ? 0 : store.oldestCursor();
    const subscription = { boards: this.#idsOf(boards), types: types && new Set(types) };
    if (this.#state.kind === "unsubscribed") this.#state.cancel();
    // A second subscribe replaces the first; what waited is covered by what comes now.
    this.#outbox.clear();
    if (after !== undefined && after >= oldest) {
      this.#state = { kind: "replaying", subscription, after };
      this.#replayPage();
      return;
    }
    if (after !== undefined) this.#send(gapMessage(oldest));
    this.#send(snapshotMessage(this.#snapshots(subscription), latest));
    this.#state = { kind: "live", subscription };
  }

  #replayPage(): void {
    if (this.#state.kind !== "replaying") return;
    const { subscription, after } = this.#state;
    const { store, limits, publishedCursor } = this.#context;
    const events = store.eventsAfter(after, {
      boards: subscription.boards && [...subscription.boards],
      types: subscription.types && [...subscription.types],
      through: publishedCursor(),
      limit: limits.replayPage,
    });
    const last = events.at(-1);
    if (last === undefined || events.length < limits.replayPage) {
      for (const event of events) this.#send(encodeEvent(event).frame);
      this.#state = { kind: "live", subscription };
      return;
    }
    const here: State = { kind: "replaying", subscription, after: last.cursor };
    this.#state = here;
    const nextPage = (): void => {
      // Another subscribe, or the end, may have come in between.
      if (this.#state === here) this.#guarded(() => this.#replayPage());
    };
    for (const event of events) {
      // A turn of the event loop between pages: a long replay holds up nobody.
      const written = event === last ? () => setImmediate(nextPage) : undefined;
      this.#send(encodeEvent(event).frame, written);
    }
  }

  /** Names become the ids they stand for now; what is unknown may be a board that comes later. */
  #idsOf(boards: readonly string[]): ReadonlySet<string> | undefined {
    if (boards.includes("*")) return undefined;
    return new Set(boards.map((board) => this.#context.boards.find(board)?.snapshot().id ?? board));
  }

  #snapshots({ boards }: Subscription): readonly BoardSnapshot[] {
    const all = this.#context.boards.list();
    return boards === undefined ? all : all.filter(({ id }) => boards.has(id));
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#context.log?.error({ err: error }, "feed client could not be served");
      this.#fail(asHeapscopeError(error), 1011);
    }
  }

  #refuse(detail: string, closeCode: number): void {
    this.#fail(heapscopeError("feed-message-invalid", { detail }), closeCode);
  }

  #fail(error: HeapscopeError, closeCode: number): void {
    this.#context.log?.info({ code: error.code, closeCode }, "feed client refused");
    this.#send(errorMessage(error));
    this.close(closeCode, error.code);
  }

  #send(frame: Buffer | string, written?: () => void): void {
    this.#outbox.sendNow(frame, written);
  }
}
