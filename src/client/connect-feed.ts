import type { HelloMessage, SubscribeMessage } from "../api/schemas-feed.ts";
import { Backoff } from "../shared/backoff.ts";
import { type CancelTimer, type Clock, systemClock } from "../shared/clock.ts";
import { askWhy, type Fetch } from "./ask-why.ts";
import { type ClientSocketConstructor, type OpenSocket, openSocket } from "./feed-socket.ts";
import type {
  EventKind,
  EventMessage,
  FeedCounts,
  FeedHandlers,
  FeedState,
  ServerMessage,
  SnapshotMessage,
  SnapshotReason,
} from "./feed-state.ts";
import { feedUrl } from "./feed-url.ts";
import { parseMessage } from "./parse-message.ts";

export interface FeedOptions {
  /** The daemon, such as `http://127.0.0.1:7380`; in a browser `location.origin`. */
  readonly url: string;
  /** The browser's WebSocket, or that of `ws`. */
  readonly webSocket: ClientSocketConstructor;
  /** Goes out as subprotocols and, with the question why a connection was refused, as a header. */
  readonly token?: string | undefined;
  /** Ids or names; default: every board. */
  readonly boards?: readonly string[] | undefined;
  /** Default: all. */
  readonly types?: readonly EventKind[] | undefined;
  /** Cursor of the last event one has; default: begin with a snapshot. */
  readonly after?: number | undefined;
  /** The history that `after` is of; default: whichever the daemon has. */
  readonly history?: string | undefined;
  readonly clock?: Clock;
  readonly fetch?: Fetch;
  /** Waits between attempts double from the one to the other. Default 250 ms and 10 s. */
  readonly retry?: { readonly firstMs: number; readonly lastMs: number };
  /** The connection is given up when nothing has come for so long. Default: two and a half heartbeats of the server. */
  readonly silenceMs?: number;
  /** The same until it is open. Default 10 s. */
  readonly openMs?: number;
  /** 0 up to 1, for the jitter; default Math.random. */
  readonly random?: () => number;
}

export interface FeedConnection {
  readonly state: FeedState;
  /** Of the last event received: pass it as `after` to go on later. Undefined before the first snapshot. */
  readonly cursor: number | undefined;
  /** The history that the cursor is of: pass it as `history` with it. */
  readonly history: string | undefined;
  readonly counts: FeedCounts;
  /** So long ago the last message came, ms; 0 while it is not connected. Marks count, see lateness for how long is too long. */
  readonly silentMs: number;
  /** Ends it for good. Twice does no harm. */
  close(): void;
}

/** The cursor means nothing to the history that the daemon has now. */
function isUnusableCursor(code: string): boolean {
  return code === "feed-cursor-ahead" || code === "feed-cursor-foreign";
}

/** Closed with one of these, the next attempt waits longer: the same would only happen again. */
const badCloses: ReadonlySet<number> = new Set([1003, 1007, 1008, 1009, 1011, 1013]);
const closeReasons: Readonly<Record<number, string>> = {
  1001: "The daemon is stopping.",
  1006: "The connection broke.",
  1013: "The daemon cut us off: events came faster than they were taken.",
};

/**
 * Follows the feed and does not let go: connects again with back-off and jitter, resumes by cursor, drops what comes twice. What
 * cannot get better by itself (401, 403, another version of the wire, a subscription that makes no sense) ends in `refused`.
 *
 * A dead connection shows by silence: browsers answer the server's pings without a word to the page, so the client asks for
 * mark messages, which come with every ping.
 *
 * Throws `usage` where `url` is none.
 */
export function connectFeed(options: FeedOptions, handlers: FeedHandlers): FeedConnection {
  return new Follower(options, handlers);
}

class Follower implements FeedConnection {
  readonly #options: FeedOptions;
  readonly #handlers: FeedHandlers;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #counts = { connections: 0, events: 0, coalesced: 0, dropped: 0, gaps: 0 };
  #state: FeedState = { kind: "connecting" };
  #cursor: number | undefined;
  #history: string | undefined;
  #socket: OpenSocket | undefined;
  #cancel: CancelTimer = () => {};
  /** When the last message came. */
  #heardMs = 0;
  #snapshotReason: SnapshotReason = "first";
  /** What the server said before it closed. */
  #lastError: { readonly code: string; readonly message: string } | undefined;

  constructor(options: FeedOptions, handlers: FeedHandlers) {
    const { retry = { firstMs: 250, lastMs: 10_000 }, clock = systemClock } = options;
    this.#options = options;
    this.#handlers = handlers;
    this.#url = feedUrl(options.url);
    this.#clock = clock;
    this.#backoff = new Backoff(retry.firstMs, retry.lastMs);
    this.#cursor = options.after;
    this.#history = options.history;
    this.#open();
  }

  get state(): FeedState {
    return this.#state;
  }

  get cursor(): number | undefined {
    return this.#cursor;
  }

  get history(): string | undefined {
    return this.#history;
  }

  get counts(): FeedCounts {
    return { ...this.#counts };
  }

  get silentMs(): number {
    const isOpen = this.#state.kind === "live" || this.#state.kind === "replaying";
    return isOpen ? this.#clock.monotonicMs() - this.#heardMs : 0;
  }

  close(): void {
    if (this.#isClosed()) return;
    this.#cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      // A daemon that hangs must not hold the program up, one that answers not for a moment.
      const cancel = this.#clock.after(1000, () => socket.abandon());
      socket.close(cancel);
    }
    this.#become({ kind: "closed" });
  }

  #open(): void {
    const { webSocket, token, openMs = 10_000 } = this.#options;
    let isOpen = false;
    this.#lastError = undefined;
    this.#become({ kind: "connecting" });
    if (this.#isClosed()) return;
    this.#cancel = this.#clock.after(openMs, () => this.#giveUp("The daemon did not answer in time."));
    this.#socket = openSocket(webSocket, this.#url, token, {
      onOpen: () => {
        isOpen = true;
        this.#counts.connections++;
        this.#heardMs = this.#clock.monotonicMs();
        this.#cancel();
        this.#watchSilence();
      },
      onText: (text) => this.#receive(text),
      onClose: (code) => {
        this.#socket = undefined;
        this.#cancel();
        if (isOpen) this.#lost(code);
        else void this.#notOpened();
      },
    });
  }

  /** One timer for many messages: it looks when the last one came. */
  #watchSilence(): void {
    const { silenceMs = 75_000 } = this.#options;
    const leftMs = this.#heardMs + silenceMs - this.#clock.monotonicMs();
    if (leftMs <= 0)
      this.#giveUp(`Nothing came for ${Math.round(silenceMs / 1000)} s: the connection is dead.`);
    else this.#cancel = this.#clock.after(leftMs, () => this.#watchSilence());
  }

  #receive(text: string): void {
    this.#heardMs = this.#clock.monotonicMs();
    const parsed = parseMessage(text);
    if (parsed.kind === "message") this.#take(parsed.message);
    else if (parsed.kind === "strange") this.#giveUp("What answers there is no heapscope feed.");
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "hello":
        this.#greet(message);
        break;
      case "snapshot":
        this.#begin(message);
        break;
      case "gap":
        this.#counts.gaps++;
        this.#snapshotReason = "gap";
        this.#handlers.onGap?.(message);
        break;
      case "unstored":
        this.#counts.coalesced += message.coalesced ?? 0;
        this.#handlers.onUnstored?.(message);
        break;
      case "mark":
        if (message.cursor !== null) this.#cursor = Math.max(this.#cursor ?? 0, message.cursor);
        if (this.#state.kind === "replaying") this.#become({ kind: "live" });
        break;
      case "error":
        this.#lastError = message;
        if (isUnusableCursor(message.code)) this.#startAnew();
        break;
      default:
        this.#takeEvent(message);
    }
  }

  #begin(snapshot: SnapshotMessage): void {
    const reason = this.#snapshotReason;
    this.#snapshotReason = "first";
    this.#cursor = snapshot.cursor ?? undefined;
    this.#become({ kind: "live" });
    this.#handlers.onSnapshot?.(snapshot, reason);
  }

  #takeEvent(event: EventMessage): void {
    if (this.#cursor !== undefined && event.cursor <= this.#cursor) {
      this.#counts.dropped++;
      return;
    }
    this.#cursor = event.cursor;
    this.#counts.events++;
    if (event.type === "reading") this.#counts.coalesced += event.coalesced ?? 0;
    this.#handlers.onEvent?.(event);
  }

  /** The cursor is none of this history's. */
  #startAnew(): void {
    this.#lastError = undefined;
    this.#cursor = undefined;
    this.#snapshotReason = "replaced";
    this.#subscribe();
  }

  #greet(hello: HelloMessage): void {
    const { version, cursor: newest, history } = hello;
    if (version !== 1) {
      const reason = `The daemon speaks version ${version} of the feed, this client version 1. Update the client.`;
      this.#abandon();
      this.#become({ kind: "refused", reason, status: null });
      return;
    }
    this.#handlers.onHello?.(hello);
    // Null: it cannot be read just now. An older daemon does not say.
    const named = history ?? this.#history;
    const isOther = this.#history !== undefined && this.#history !== named;
    this.#history = named;
    if (isOther && this.#cursor !== undefined) {
      this.#startAnew();
      return;
    }
    if (this.#cursor !== undefined)
      this.#become({ kind: "replaying", behind: Math.max(0, (newest ?? 0) - this.#cursor) });
    this.#subscribe();
  }

  #subscribe(): void {
    const { boards = ["*"], types } = this.#options;
    const message: SubscribeMessage = {
      type: "subscribe",
      boards: [...boards],
      ...(types && { types: [...types] }),
      ...(this.#cursor !== undefined && { after: this.#cursor }),
      ...(this.#cursor !== undefined && this.#history !== undefined && { history: this.#history }),
      marks: true,
    };
    this.#socket?.send(JSON.stringify(message));
  }

  /** The connection was open, and has ended. */
  #lost(code: number): void {
    if (this.#lastError?.code === "feed-message-invalid") {
      this.#become({ kind: "refused", reason: this.#lastError.message, status: null });
      return;
    }
    if (this.#state.kind === "live" && !badCloses.has(code)) this.#backoff.reset();
    this.#wait(
      this.#lastError?.message ?? closeReasons[code] ?? `The daemon closed the connection (${code}).`,
    );
  }

  async #notOpened(): Promise<void> {
    const { fetch = globalThis.fetch, token, openMs = 10_000 } = this.#options;
    const { status, reason } = await askWhy(fetch, this.#url, token, this.#clock, openMs);
    if (this.#state.kind !== "connecting") return;
    if (status === 401 || status === 403) this.#become({ kind: "refused", reason, status });
    else this.#wait(reason);
  }

  #giveUp(reason: string): void {
    this.#abandon();
    this.#wait(reason);
  }

  #abandon(): void {
    this.#cancel();
    this.#socket?.abandon();
    this.#socket = undefined;
  }

  #wait(reason: string): void {
    const { random = Math.random } = this.#options;
    // Half of it by chance: a thousand clients must not come back in the same moment.
    const retryInMs = Math.round(this.#backoff.next() * (0.5 + random() / 2));
    this.#become({ kind: "waiting", reason, retryInMs });
    if (!this.#isClosed()) this.#cancel = this.#clock.after(retryInMs, () => this.#open());
  }

  /** A handler may close the connection that tells it something. */
  #isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  #become(state: FeedState): void {
    if (this.#isClosed()) return;
    this.#state = state;
    this.#handlers.onState?.(state);
  }
}
