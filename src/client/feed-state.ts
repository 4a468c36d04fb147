import type {
  EventMessage,
  GapMessage,
  HelloMessage,
  MarkMessage,
  ServerMessage,
  SnapshotMessage,
  UnstoredMessage,
} from "../api/schemas-feed.ts";

export type {
  EventMessage,
  GapMessage,
  HelloMessage,
  MarkMessage,
  ServerMessage,
  SnapshotMessage,
  UnstoredMessage,
};
export type EventKind = EventMessage["type"];
export type BoardView = SnapshotMessage["boards"][number];
export type AlertView = Extract<EventMessage, { readonly type: "alert" }>["data"];
export type ReadingView = Extract<EventMessage, { readonly type: "reading" }>["data"];

/** How the connection is. */
export type FeedState =
  | { readonly kind: "connecting" }
  /** Events since the cursor are coming; `behind`: at most so many. */
  | { readonly kind: "replaying"; readonly behind: number }
  | { readonly kind: "live" }
  /** It was lost or could not be made, and is tried again. `reason`: one sentence for people. */
  | { readonly kind: "waiting"; readonly reason: string; readonly retryInMs: number }
  /** It will not get better by itself, so nothing is tried any more. `status`: of HTTP, null where the feed itself refused. */
  | { readonly kind: "refused"; readonly reason: string; readonly status: number | null }
  | { readonly kind: "closed" };

/**
 * Why a snapshot came: the first one; history no longer reaches back to the cursor (`gap`); or the cursor is none of this
 * history's (`replaced`). With the latter two, what is shown from before must go.
 */
export type SnapshotReason = "first" | "gap" | "replaced";

/** All are optional, and called in the order in which things happened. */
export interface FeedHandlers {
  readonly onState?: (state: FeedState) => void;
  /** What the daemon says first, on every connection. */
  readonly onHello?: (hello: HelloMessage) => void;
  readonly onSnapshot?: (snapshot: SnapshotMessage, reason: SnapshotReason) => void;
  /** A stored event; cursors rise from call to call, across reconnections too, until a snapshot starts anew. */
  readonly onEvent?: (event: EventMessage) => void;
  /** Something that history could not take: only live, never again. */
  readonly onUnstored?: (event: UnstoredMessage) => void;
  /** Events have been forgotten before they could be sent. A snapshot follows. */
  readonly onGap?: (gap: GapMessage) => void;
}

/** What has happened since the beginning. */
export interface FeedCounts {
  readonly connections: number;
  readonly events: number;
  /** Readings that the server left out because this client was slow. */
  readonly coalesced: number;
  /** Events that came twice or out of order, and were dropped. */
  readonly dropped: number;
  readonly gaps: number;
}
