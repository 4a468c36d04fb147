import type {
  EventMessage,
  FeedHandlers,
  FeedState,
  HelloMessage,
  SnapshotMessage,
  UnstoredMessage,
} from "../../client/feed-state.ts";
import type { AlertView, BoardView, CollectionView, MissedView, ReadingView } from "../../client/views.ts";

/** What the feed has told of one board since the page was opened; what was before, REST knows. Lists: oldest first. */
export interface BoardEntry {
  readonly board: BoardView;
  readonly alerts: readonly AlertView[];
  readonly readings: readonly ReadingView[];
  readonly collections: readonly CollectionView[];
  readonly missed: readonly MissedView[];
}

export interface DashboardState {
  readonly connection: FeedState;
  /** False until the first snapshot: nothing is known of any board. */
  readonly isKnown: boolean;
  /** In the daemon's order. */
  readonly boards: readonly BoardEntry[];
  /** False: the daemon cannot read its history, so alerts may fire that nobody knows of. */
  readonly alertsKnown: boolean;
  /** Events are not being stored just now: the daemon's history cannot take them. */
  readonly unstored: boolean;
  /** Rises when what REST said before is no longer true: the history was replaced, or events were missed. */
  readonly epoch: number;
}

/** Enough to bridge the time between two looks at `series`. */
const mostReadings = 150;
const mostOthers = 30;

/** What the feed has told so far, put together. Pure: time and sockets are others' business. */
export class DashboardModel implements FeedHandlers {
  readonly #boards = new Map<string, BoardEntry>();
  readonly #alerts = new Map<string, AlertView>();
  readonly #changed: (isSnapshot?: boolean) => void;
  #connection: FeedState = { kind: "connecting" };
  #isKnown = false;
  #alertsKnown = true;
  #unstored = false;
  #epoch = 0;
  /** What the daemon had stored last when the connection was made. */
  #newestCursor = 0;
  #version = 0;

  /** `changed` is called at every change, however small; `isSnapshot`: all that is shown is new. */
  constructor(changed: (isSnapshot: boolean) => void) {
    this.#changed = (isSnapshot = false) => {
      this.#version++;
      changed(isSnapshot);
    };
  }

  /** Another one after every change. */
  get version(): number {
    return this.#version;
  }

  /** While events are replayed, `behind` counts down. */
  get connection(): FeedState {
    return this.#connection;
  }

  get state(): DashboardState {
    return {
      connection: this.#connection,
      isKnown: this.#isKnown,
      boards: [...this.#boards.values()],
      alertsKnown: this.#alertsKnown,
      unstored: this.#unstored,
      epoch: this.#epoch,
    };
  }

  readonly onState = (state: FeedState): void => {
    this.#connection = state;
    this.#changed();
  };

  readonly onHello = ({ cursor }: HelloMessage): void => {
    this.#newestCursor = cursor ?? 0;
  };

  readonly onSnapshot = ({ boards, alerts }: SnapshotMessage, reason: string): void => {
    const before = new Map(this.#boards);
    if (reason !== "first" || this.#isKnown) this.#epoch++;
    this.#isKnown = true;
    this.#boards.clear();
    this.#alerts.clear();
    this.#alertsKnown = alerts !== null;
    for (const alert of alerts ?? []) this.#alerts.set(keyOf(alert), alert);
    for (const board of boards) {
      const old = reason === "replaced" ? undefined : before.get(board.id);
      this.#boards.set(board.id, { ...(old ?? empty), board, alerts: this.#alertsOf(board.id) });
    }
    this.#changed(true);
  };

  readonly onEvent = (event: EventMessage): void => {
    this.#unstored = false;
    if (this.#connection.kind === "replaying") {
      const behind = Math.max(0, this.#newestCursor - event.cursor);
      this.#connection = { kind: "replaying", behind: Math.min(behind, this.#connection.behind) };
    }
    this.#take(event.type, event.data);
    this.#changed();
  };

  readonly onUnstored = (message: UnstoredMessage): void => {
    this.#unstored = true;
    this.#take(message.event, message.data);
    this.#changed();
  };

  #take(type: EventMessage["type"], data: EventMessage["data"]): void {
    if (type === "board" && "counts" in data) {
      const old = this.#boards.get(data.id);
      // A replayed event is older than what a later reading said.
      const lastReading = data.lastReading ?? old?.board.lastReading ?? null;
      const alerts = this.#alertsOf(data.id);
      this.#boards.set(data.id, { ...(old ?? empty), board: { ...data, lastReading }, alerts });
    } else if (type === "alert" && "rule" in data) {
      if (data.state === "firing") this.#alerts.set(keyOf(data), data);
      else this.#alerts.delete(keyOf(data));
      this.#edit(data.boardId, () => ({ alerts: this.#alertsOf(data.boardId) }));
    } else if (type === "reading" && "heap" in data) {
      this.#edit(data.boardId, ({ board, readings }) => ({
        board: { ...board, lastReading: data },
        readings: appended(readings, data, mostReadings),
      }));
    } else if (type === "collection" && "reclaimedBytes" in data) {
      this.#edit(data.boardId, ({ collections }) => ({
        collections: appended(collections, data, mostOthers),
      }));
    } else if (type === "missed" && "cause" in data) {
      this.#edit(data.boardId, ({ missed }) => ({ missed: appended(missed, data, mostOthers) }));
    }
  }

  #edit(boardId: string | null, change: (entry: BoardEntry) => Partial<BoardEntry>): void {
    const entry = boardId === null ? undefined : this.#boards.get(boardId);
    if (entry !== undefined) this.#boards.set(entry.board.id, { ...entry, ...change(entry) });
  }

  #alertsOf(boardId: string): readonly AlertView[] {
    return [...this.#alerts.values()].filter((alert) => alert.boardId === boardId);
  }
}

const empty: Pick<BoardEntry, "readings" | "collections" | "missed"> = {
  readings: [],
  collections: [],
  missed: [],
};

/** A board that the feed does not tell of. */
export function entryOf(board: BoardView): BoardEntry {
  return { ...empty, board, alerts: [] };
}

function keyOf({ boardId, rule }: AlertView): string {
  return `${boardId} ${rule}`;
}

function appended<Item>(items: readonly Item[], item: Item, most: number): readonly Item[] {
  return [...items.slice(Math.max(0, items.length + 1 - most)), item];
}
