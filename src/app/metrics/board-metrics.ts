import type { Registry } from "prom-client";
import { boardStateKinds } from "../../api/schemas-board.ts";
import type { BoardCounts, BoardSnapshot, BoardStateKind } from "../../board/board-status.ts";
import type { Collection, Missed, Reading } from "../../heap/reading.ts";
import type { Clock } from "../../shared/clock.ts";
import { BoardCounters } from "./board-counters.ts";
import { BoardFigures, type HeapNow } from "./board-figures.ts";
import { LabelledGauge } from "./labelled.ts";

/** A reading of a board that has ceased to answer is shown so long: a restart, or a moment's loan, makes no hole. */
const graceMs = 60_000;

/** What is remembered of one board, by its id. */
interface Known {
  /** The label `board`. */
  readonly name: string;
  readonly kind: BoardStateKind;
  /** Monotonic: when it came to be of this kind. */
  readonly kindSinceMs: number;
  readonly counts: Pick<BoardCounts, "discarded" | "restarts">;
  readonly reading: Reading | null;
  /** Monotonic. */
  readonly readAtMs: number;
  readonly liveBytes: number | null;
}

interface BoardLabels {
  readonly board: { readonly board: string };
  readonly states: readonly { readonly board: string; readonly state: BoardStateKind }[];
}

/**
 * The metrics of the boards. The label `board` is the board's name: what people write in queries, and what stays the same
 * when the configured board is replaced; `heapscope_board_info` joins id, port and firmware to it.
 *
 * A board's heap figures are shown while it answers (ready, aiorepl, helper), however long its interval is, and for a minute after
 * that; then they are left out until it is read again, so that nobody takes an old figure for a new one. When the newest
 * reading was taken always shows. A board that is no longer watched loses all its series.
 */
export class BoardMetrics {
  readonly #clock: Clock;
  /** The boards that are watched now. */
  readonly #list: () => readonly BoardSnapshot[];
  readonly #figures: BoardFigures;
  readonly #counters: BoardCounters;
  readonly #readAt: LabelledGauge<"board">;
  readonly #state: LabelledGauge<"board" | "state">;
  readonly #info: LabelledGauge<
    "board" | "board_id" | "port" | "platform" | "firmware" | "machine" | "emulated"
  >;
  readonly #known = new Map<string, Known>();
  /** By the board's name: one object for all its series and all scrapes, see labelled.ts. */
  readonly #labels = new Map<string, BoardLabels>();

  constructor(registers: Registry[], clock: Clock, list: () => readonly BoardSnapshot[]) {
    this.#clock = clock;
    this.#list = list;
    this.#info = new LabelledGauge({
      name: "heapscope_board_info",
      help: "Always 1: what is known of the board, as labels.",
      labelNames: ["board", "board_id", "port", "platform", "firmware", "machine", "emulated"],
      registers,
    });
    this.#state = new LabelledGauge({
      name: "heapscope_board_state",
      help: "1 for what the board is doing now, 0 for everything else it could be doing.",
      labelNames: ["board", "state"],
      registers,
    });
    this.#readAt = new LabelledGauge({
      name: "heapscope_last_reading_timestamp_seconds",
      help: "When the newest reading was complete, seconds since the Unix epoch.",
      labelNames: ["board"],
      registers,
    });
    this.#figures = new BoardFigures(registers);
    this.#counters = new BoardCounters(registers);
  }

  /** A reading was taken. Readings of files, and of boards that are not watched, are history and not counted. */
  noteReading(reading: Reading): void {
    const { boardId } = reading;
    if (boardId === null || reading.source === "file") return;
    const known = this.#find(boardId);
    if (known === undefined) return;
    const liveBytes = reading.phase === "after-collect" ? reading.heap.usedBytes : known.liveBytes;
    this.#known.set(boardId, { ...known, reading, readAtMs: this.#clock.monotonicMs(), liveBytes });
    this.#counters.noteReading(known.name, reading);
  }

  noteCollection(collection: Collection): void {
    const known = this.#find(collection.boardId);
    if (known !== undefined) this.#counters.noteCollection(known.name, collection);
  }

  noteMissed(missed: Missed): void {
    const known = this.#find(missed.boardId);
    if (known !== undefined) this.#counters.noteMissed(known.name, missed);
  }

  /** The board's state or facts changed. */
  noteBoard({ id, name, state, counts }: BoardSnapshot): void {
    const before = this.#known.get(id);
    const isSame = before?.kind === state.kind;
    this.#known.set(id, {
      name,
      kind: state.kind,
      kindSinceMs: isSame ? before.kindSinceMs : this.#clock.monotonicMs(),
      counts,
      reading: before?.reading ?? null,
      readAtMs: before?.readAtMs ?? 0,
      liveBytes: before?.liveBytes ?? null,
    });
    this.#counters.noteMore(name, {
      discarded: increase(before?.counts.discarded, counts.discarded),
      restarts: increase(before?.counts.restarts, counts.restarts),
    });
  }

  /** Brings every gauge up to date and forgets the boards that are no longer watched: called by each scrape. */
  refresh(): void {
    const boards = this.#list();
    this.#readAt.reset();
    this.#state.reset();
    this.#info.reset();
    const shown: (readonly [BoardLabels["board"], HeapNow])[] = [];
    for (const board of boards) {
      this.noteBoard(board);
      this.#describe(board);
      const known = this.#known.get(board.id);
      if (!known?.reading) continue;
      const { reading, liveBytes } = known;
      const labels = this.#labelsOf(board.name).board;
      this.#readAt.set(labels, Date.parse(reading.at ?? "") / 1000);
      if (this.#isCurrent(known)) shown.push([labels, { reading, liveBytes }]);
    }
    this.#figures.show(shown);

    const ids = new Set(boards.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const names = new Set(boards.map(({ name }) => name));
    for (const name of this.#labels.keys()) if (!names.has(name)) this.#labels.delete(name);
    this.#counters.keepOnly(names);
  }

  #describe({ id, name, port, emulated, facts, state }: BoardSnapshot): void {
    const { platform, firmware, machine } = facts ?? { platform: "", firmware: "", machine: null };
    const about = {
      board_id: id,
      port,
      platform,
      firmware,
      machine: machine ?? "",
      emulated: String(emulated),
    };
    this.#info.set({ board: name, ...about }, 1);
    for (const labels of this.#labelsOf(name).states) {
      this.#state.set(labels, labels.state === state.kind ? 1 : 0);
    }
  }

  #labelsOf(name: string): BoardLabels {
    const known = this.#labels.get(name);
    if (known !== undefined) return known;
    const states = boardStateKinds.map((state) => ({ board: name, state }));
    const labels = { board: { board: name }, states };
    this.#labels.set(name, labels);
    return labels;
  }

  #isCurrent({ kind, kindSinceMs, readAtMs }: Known): boolean {
    const isAnswering = kind === "ready" || kind === "aiorepl" || kind === "helper";
    return (isAnswering && readAtMs >= kindSinceMs) || this.#clock.monotonicMs() - readAtMs <= graceMs;
  }

  #find(boardId: string): Known | undefined {
    if (!this.#known.has(boardId)) {
      const board = this.#list().find(({ id }) => id === boardId);
      if (board !== undefined) this.noteBoard(board);
    }
    return this.#known.get(boardId);
  }
}

/** A smaller count is one that began anew. */
function increase(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before;
}
