import type {
  AlertView,
  BoardView,
  EventMessage,
  FeedState,
  ReadingView,
  SnapshotMessage,
  UnstoredMessage,
} from "../client/feed-state.ts";

export { oldestReadingMs, readStates, usualSilenceMs } from "../client/lateness.ts";
export type { AlertView, BoardView, EventMessage, FeedState, ReadingView, SnapshotMessage, UnstoredMessage };

/** Longest trend that is kept: more than the widest terminal shows. */
export const trendLength = 120;

/** One board as `watch` shows it. */
export interface WatchedBoard {
  readonly id: string;
  readonly name: string;
  readonly state: BoardView["state"];
  readonly lastReading: ReadingView | null;
  readonly readIntervalMs: number | null;
  /**
   * When the last reading came, ms since the epoch by this machine's clock, which need not agree with the daemon's; of one that
   * was there before, when it was taken. Null: there is none.
   */
  readonly readAtMs: number | null;
  /** The last readings, oldest first. */
  readonly trend: readonly TrendPoint[];
}

export interface TrendPoint {
  readonly id: number | null;
  readonly usedBytes: number;
}

export interface WatchView {
  readonly connection: FeedState;
  /** In the daemon's order. */
  readonly boards: readonly WatchedBoard[];
  /** The alerts that fire now, oldest first; null = not known, because the daemon cannot read its history. */
  readonly alerts: readonly AlertView[] | null;
  /** Events are not being stored just now: the daemon's history cannot take them. */
  readonly unstored: boolean;
  /** So long ago the daemon said something, ms; 0 while it is not connected. */
  readonly silentMs: number;
}

/** What the feed has told so far, put together. Pure: times are handed in, no input or output. */
export class WatchModel {
  readonly #boards = new Map<string, WatchedBoard>();
  readonly #alerts = new Map<string, AlertView>();
  #alertsKnown = true;
  #unstored = false;
  #connection: FeedState = { kind: "connecting" };

  /** `silentMs`: as the feed has it. */
  view(silentMs: number): WatchView {
    return {
      silentMs,
      connection: this.#connection,
      boards: [...this.#boards.values()],
      alerts: this.#alertsKnown ? [...this.#alerts.values()] : null,
      unstored: this.#unstored,
    };
  }

  nameOf(boardId: string): string {
    return this.#boards.get(boardId)?.name ?? boardId;
  }

  connect(state: FeedState): void {
    this.#connection = state;
  }

  /** Begins anew with the boards as they are. */
  begin({ boards, alerts }: SnapshotMessage): void {
    const before = new Map(this.#boards);
    this.#boards.clear();
    this.#alerts.clear();
    this.#alertsKnown = alerts !== null;
    for (const board of boards) this.#putBoard(board, before.get(board.id)?.trend ?? []);
    for (const alert of alerts ?? []) this.#putAlert(alert);
  }

  /** Readings from before the snapshot, oldest first: the beginning of the trend. */
  remember(boardId: string, readings: readonly ReadingView[]): void {
    const board = this.#boards.get(boardId);
    if (board === undefined) return;
    const last = readings.at(-1)?.id ?? 0;
    const since = board.trend.filter(({ id }) => id === null || id < 0 || id > last);
    const trend = [...readings.map(pointOf), ...since].slice(-trendLength);
    this.#boards.set(boardId, { ...board, trend });
  }

  /** `nowMs`: wall time, ms since the epoch. */
  take(event: EventMessage, nowMs: number): void {
    this.#unstored = false;
    this.#put(event.type, event.data, nowMs);
  }

  takeUnstored(message: UnstoredMessage, nowMs: number): void {
    this.#unstored = true;
    this.#put(message.event, message.data, nowMs);
  }

  #put(type: EventMessage["type"], data: EventMessage["data"], nowMs: number): void {
    if (type === "reading" && "heap" in data) this.#putReading(data, nowMs);
    else if (type === "board" && "counts" in data)
      this.#putBoard(data, this.#boards.get(data.id)?.trend ?? [], this.#boards.get(data.id)?.readAtMs);
    else if (type === "alert" && "rule" in data) this.#putAlert(data);
  }

  #putReading(reading: ReadingView, readAtMs: number): void {
    const board = reading.boardId === null ? undefined : this.#boards.get(reading.boardId);
    if (board === undefined) return;
    const trend = [...board.trend, pointOf(reading)].slice(-trendLength);
    this.#boards.set(board.id, { ...board, lastReading: reading, readAtMs, trend });
  }

  #putBoard(
    { id, name, state, lastReading, readIntervalMs }: BoardView,
    trend: readonly TrendPoint[],
    readBeforeMs: number | null = null,
  ): void {
    const first = trend.length === 0 && lastReading !== null ? [pointOf(lastReading)] : trend;
    const takenAt = lastReading?.at ?? null;
    const readAtMs = readBeforeMs ?? (takenAt === null ? null : Date.parse(takenAt));
    this.#boards.set(id, { id, name, state, lastReading, readIntervalMs, readAtMs, trend: first });
  }

  #putAlert(alert: AlertView): void {
    const key = `${alert.boardId} ${alert.rule}`;
    this.#alerts.delete(key);
    if (alert.state === "firing") this.#alerts.set(key, alert);
  }
}

function pointOf({ id, heap }: ReadingView): TrendPoint {
  return { id, usedBytes: heap.usedBytes };
}
