import { connectFeed, type FeedConnection } from "../client/connect-feed.ts";
import { daemonRest } from "../client/daemon-rest.ts";
import type { GapMessage, HelloMessage } from "../client/feed-state.ts";
import { systemClock } from "../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { nodeSocket } from "./node-socket.ts";
import {
  type EventMessage,
  type FeedState,
  type SnapshotMessage,
  trendLength,
  type UnstoredMessage,
  WatchModel,
  type WatchView,
} from "./watch-view.ts";

export interface WatchOptions {
  /** The daemon, such as `http://127.0.0.1:7380`. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Ids or names; empty = every board. */
  readonly boards: readonly string[];
  /** Ask for older readings too, so that trends do not begin with nothing. */
  readonly withTrends: boolean;
}

/** What there is to tell, as it comes. `nameOf`: a board's name by its id. */
export interface WatchListener {
  /** Something has changed; `view()` puts it together. */
  readonly onChange?: (view: () => WatchView) => void;
  /** A message of the feed, as it came. */
  readonly onMessage?: (
    message: SnapshotMessage | EventMessage | UnstoredMessage | GapMessage,
    nameOf: (boardId: string) => string,
  ) => void;
  /** On every connection. */
  readonly onHello?: (hello: HelloMessage) => void;
  readonly onState?: (state: FeedState) => void;
}

/**
 * Follows the daemon's feed until `signal` aborts, through every interruption. Throws daemon-absent where none answers at first,
 * watch-board-unknown, and daemon-refused with the daemon's own words.
 */
export async function watchBoards(
  options: WatchOptions,
  listener: WatchListener,
  signal: AbortSignal,
): Promise<void> {
  const { url, token, boards, withTrends } = options;
  const rest = daemonRest({ url, token });
  const known = await rest.boards();
  for (const board of boards) {
    if (known.some(({ id, name }) => id === board || name === board)) continue;
    const names = known.map(({ name }) => name).join(", ");
    throw heapscopeError("watch-board-unknown", { url, board, known: names === "" ? "none at all" : names });
  }
  const model = new WatchModel();
  let feed: FeedConnection | null = null;
  const changed = (): void => listener.onChange?.(() => model.view(feed?.silentMs ?? 0));
  const nameOf = (boardId: string): string => model.nameOf(boardId);
  const recall = async (boardId: string): Promise<void> => {
    // A trend is an extra: where it cannot be had, it begins with what comes.
    const readings = await rest.readings(boardId, { limit: trendLength }).catch(() => []);
    model.remember(boardId, readings);
    changed();
  };

  await new Promise<void>((resolve, reject: (reason: HeapscopeError) => void) => {
    feed = connectFeed(
      { url, token, webSocket: nodeSocket(token), ...(boards.length > 0 && { boards }) },
      {
        onState: (state) => {
          model.connect(state);
          listener.onState?.(state);
          changed();
          if (state.kind === "refused")
            reject(heapscopeError("daemon-refused", { url, detail: state.reason }));
        },
        onHello: (hello) => listener.onHello?.(hello),
        onSnapshot: (snapshot) => {
          model.begin(snapshot);
          listener.onMessage?.(snapshot, nameOf);
          changed();
          if (withTrends) for (const { id } of snapshot.boards) void recall(id);
        },
        onEvent: (event) => {
          model.take(event, systemClock.nowMs());
          listener.onMessage?.(event, nameOf);
          changed();
        },
        onUnstored: (message) => {
          model.takeUnstored(message, systemClock.nowMs());
          listener.onMessage?.(message, nameOf);
          changed();
        },
        onGap: (gap) => listener.onMessage?.(gap, nameOf),
      },
    );
    const leave = (): void => {
      feed?.close();
      resolve();
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}
