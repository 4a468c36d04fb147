import type { Logger } from "pino";
import { AlertEngine } from "../alerts/alert-engine.ts";
import type { AlertInput } from "../alerts/observation.ts";
import type { Rule } from "../alerts/rule.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert, Missed, Reading } from "../heap/reading.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import type { HistoryReader } from "../store/store-types.ts";
import type { TrendWatch } from "./trend-watch.ts";

export interface AlertWatchOptions {
  readonly rules: readonly Rule[];
  readonly store: Pick<HistoryReader, "firingAlerts" | "board">;
  /** The boards that are watched now. */
  readonly boards: () => readonly BoardSnapshot[];
  /** Told of every reading, and asked for one more trend with every tick. */
  readonly trends: TrendWatch;
  /** Stores, publishes and sends a change; gives it back with its id. */
  readonly emit: (alert: Alert) => Alert;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How exact the durations of what is not read are. */
const TICK_MS = 5000;
/** A board that goes by another id for a while, such as its port's while it is busy, is not gone. */
const GONE_MS = 10 * 60_000;

/**
 * Sees every result after the pipeline has stored and published it, and emits the changes of alerts that follow from it.
 * It never throws into the pipeline.
 */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #engine: AlertEngine;
  /** What fires, as emitted: by board and rule. */
  readonly #firing = new Map<string, Alert>();
  readonly #names = new Map<string, string>();
  /** Since when a remembered board is not among the watched ones, monotonic ms. */
  readonly #missingSinceMs = new Map<string, number>();
  /** What fired before has been read from the history. */
  #hasRecalled: boolean;
  #cancelTick: CancelTimer | null = null;
  #isStopped = false;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    const { rules } = options;
    const recalled = this.#recalled();
    this.#hasRecalled = recalled !== null;
    const firing = recalled ?? [];
    this.#remember(firing);
    this.#engine = new AlertEngine({ rules, firing, nameOf: (boardId) => this.nameOf(boardId) });
    if (recalled === null)
      this.#options.log.warn(
        "Which alerts fired before cannot be read yet, so one that still holds may be told anew; the others end when the history can be read.",
      );
  }

  /** Ends alerts whose rules are gone, and begins to tick. */
  start(): void {
    this.#guarded(() => this.#emit(this.#engine.start(this.#now())));
    // What fired for a board that is watched no more ends some time later, unless the board comes back.
    for (const { boardId } of this.#firing.values())
      this.#missingSinceMs.set(boardId, this.#now().monotonicMs);
    this.#scheduleTick();
  }

  /** Nothing is evaluated any more: a daemon that stops makes boards unreachable, which is no news. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** The alerts that fire now, oldest first; also those that the history could not keep. */
  firing(): readonly Alert[] {
    return [...this.#firing.values()];
  }

  /** A board's name for people; its id where it has none. */
  nameOf(boardId: string): string {
    const known = this.#names.get(boardId);
    if (known !== undefined) return known;
    const board = this.#options.boards().find(({ id }) => id === boardId) ?? this.#storedBoard(boardId);
    const name = board?.name ?? boardId;
    this.#names.set(boardId, name);
    return name;
  }

  acceptReading(reading: Reading): void {
    const { boardId, source } = reading;
    // What comes from a file was long ago.
    if (boardId === null || source === "file") return;
    this.#options.trends.noteReading(boardId);
    this.#evaluate({ type: "reading", boardId, reading });
  }

  acceptMissed(missed: Missed): void {
    this.#evaluate({ type: "missed", missed });
  }

  acceptBoard({ id, name, state }: BoardSnapshot): void {
    this.#names.set(id, name);
    this.#evaluate({ type: "board-state", boardId: id, kind: state.kind, message: state.message });
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#options.clock.after(TICK_MS, () => {
      this.#scheduleTick();
      this.#guarded(() => this.#recallLate());
      this.#evaluate({ type: "tick" });
      this.#guarded(() => this.#forgetGone());
      this.#guarded(() => this.#refreshOneTrend());
    });
  }

  /** The history could not be read at the start: goes on with what fired then as soon as it can. */
  #recallLate(): void {
    if (this.#hasRecalled) return;
    const firing = this.#recalled()?.filter((alert) => !this.#firing.has(keyOf(alert)));
    if (firing === undefined) return;
    this.#hasRecalled = true;
    this.#remember(firing);
    this.#emit(this.#engine.adopt(firing, this.#now()));
  }

  #remember(firing: readonly Alert[]): void {
    for (const alert of firing) {
      this.#firing.set(keyOf(alert), alert);
      // No board may be watched yet who could say its name.
      if (!this.#names.has(alert.boardId))
        this.#names.set(alert.boardId, this.#storedBoard(alert.boardId)?.name ?? alert.boardId);
    }
  }

  /** Ends what fires for boards that are no longer watched. */
  #forgetGone(): void {
    const { monotonicMs } = this.#now();
    const watched = new Set(this.#options.boards().map(({ id }) => id));
    for (const boardId of this.#engine.boardIds) {
      const sinceMs = this.#missingSinceMs.get(boardId) ?? monotonicMs;
      if (watched.has(boardId)) {
        this.#missingSinceMs.delete(boardId);
      } else if (monotonicMs - sinceMs < GONE_MS) {
        this.#missingSinceMs.set(boardId, sinceMs);
      } else {
        this.#evaluate({ type: "gone", boardId });
        for (const memory of [this.#missingSinceMs, this.#names]) memory.delete(boardId);
        this.#options.trends.forget(boardId);
      }
    }
  }

  /** One board per tick: the feed should not wait for 64 of them. */
  #refreshOneTrend(): void {
    const trend = this.#options.trends.refreshOne();
    if (trend !== null) this.#evaluate({ type: "trend", ...trend });
  }

  #evaluate(input: AlertInput): void {
    if (this.#isStopped) return;
    this.#guarded(() => this.#emit(this.#engine.evaluate(input, this.#now())));
  }

  #emit(changes: readonly Alert[]): void {
    for (const change of changes) {
      const alert = this.#options.emit(change);
      if (alert.state === "firing") this.#firing.set(keyOf(alert), alert);
      else this.#firing.delete(keyOf(alert));
      const { boardId: board, rule, severity, state, message } = alert;
      const level = state === "firing" && severity !== "info" ? "warn" : "info";
      this.#options.log[level]({ board, rule, severity, alert: state }, message);
    }
  }

  /** What the history says fires; null: it cannot be read. */
  #recalled(): readonly Alert[] | null {
    try {
      return this.#options.store.firingAlerts();
    } catch {
      return null;
    }
  }

  #storedBoard(boardId: string): { readonly name: string } | undefined {
    try {
      return this.#options.store.board(boardId);
    } catch {
      return undefined;
    }
  }

  #now(): { readonly wallMs: number; readonly monotonicMs: number } {
    const { clock } = this.#options;
    return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }

  /** An alert that fails must not take a reading with it. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log.error({ err: error }, "An alert could not be evaluated. Readings go on.");
    }
  }
}

function keyOf({ boardId, rule }: Alert): string {
  return `${boardId}\n${rule}`;
}
