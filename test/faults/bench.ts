import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as realSleep } from "node:timers/promises";
import { pino } from "pino";
import type { BoardSink, NewReading } from "../../src/board/board-sink.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { BoardRegistry } from "../../src/board/registry.ts";
import type { WatchedBoard } from "../../src/board/watched-board.ts";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import {
  type EmulatedBoard,
  type EmulatedBoardOptions,
  startEmulatedBoard,
} from "../../src/emulator/emulated-board.ts";
import type { Collection, Missed, Reading } from "../../src/heap/reading.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { ScaledClock } from "./scaled-clock.ts";
import { Wire } from "./wire.ts";

/** A second of the daemon's takes so little of the test's. More would let a loaded machine look like a silent board. */
export const FACTOR = 10;
/** The interval of readings, the daemon's ms, where a bench is given no other. */
const INTERVAL_MS = 1_000;

export interface BenchOptions {
  readonly policy: WhenBusy;
  readonly board: Omit<EmulatedBoardOptions, "linkPath">;
  readonly intervalMs?: number;
  /** Every reading has a map. */
  readonly maps?: boolean;
  /** Watched from the start; else from `watch()` on. */
  readonly watched?: boolean;
}

/** A reading as it was stored. */
export interface Stored {
  readonly reading: Reading;
  /** The daemon's clock. */
  readonly atMs: number;
  /** Of the board's since the last mark. */
  readonly boardBytes: number;
}

/** One emulated board, watched through a real port by the daemon's own code on a fast clock. */
export class Bench implements BoardSink {
  readonly policy: WhenBusy;
  readonly board: EmulatedBoard;
  readonly clock: ScaledClock;
  readonly wire: Wire;
  readonly stored: Stored[] = [];
  readonly missed: Missed[] = [];
  readonly states: string[] = [];
  readonly #options: BenchOptions;
  readonly #registry: BoardRegistry;
  readonly #folder: string;

  private constructor(options: BenchOptions, board: EmulatedBoard, folder: string) {
    this.policy = options.policy;
    this.#options = options;
    this.board = board;
    this.#folder = folder;
    this.clock = new ScaledClock(FACTOR);
    this.wire = new Wire(() => this.clock.monotonicMs());
    this.#registry = new BoardRegistry({
      clock: this.clock,
      sink: this,
      log: pino({ level: "silent" }),
      openPort: async (url, signal, portOptions) => this.wire.tap(await openPort(url, signal, portOptions)),
    });
  }

  static async open(options: BenchOptions): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), "heapscope-faults-"));
    const linkPath = join(folder, "board");
    const board = await startEmulatedBoard({ ...options.board, linkPath });
    const bench = new Bench(options, board, folder);
    if (options.watched !== false) bench.watch();
    return bench;
  }

  /** Begins to watch the board. */
  watch(): void {
    this.#registry.add({
      port: `serial:${join(this.#folder, "board")}`,
      name: "bench",
      serialNumber: null,
      emulated: true,
      whenBusy: this.policy,
      certain: true,
      portOptions: { baudRate: 115_200 },
      plan: {
        readIntervalMs: this.#options.intervalMs ?? INTERVAL_MS,
        collectIntervalMs: 0,
        mapIntervalMs: 1,
        mapShare: this.#options.maps ? 1 : 0,
      },
    });
  }

  get watched(): WatchedBoard {
    const board = this.#registry.find("bench");
    if (!board) throw new Error("not watched yet");
    return board;
  }

  get snapshot(): BoardSnapshot {
    return this.watched.snapshot();
  }

  nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** Waits until `condition`; fails after `withinMs` of the daemon's, telling what went over the wire. */
  async until(what: string, condition: () => boolean, withinMs = 60_000): Promise<void> {
    const endMs = this.nowMs() + withinMs;
    while (!condition()) {
      if (this.nowMs() > endMs) throw new Error(`${what}: not within ${withinMs / 1000} s.${this.tell()}`);
      await realSleep(1);
    }
  }

  /** `ms` of the daemon's. */
  async pass(ms: number): Promise<void> {
    await realSleep(ms / FACTOR);
  }

  /** What happened last, for the message of a failure. */
  tell(): string {
    const { state } = this.snapshot;
    const missed = this.missed.slice(-5).map(({ cause, detail }) => `\nmissed: ${cause}: ${detail}`);
    return `\nNow ${state.kind}: ${state.message}${missed.join("")}${this.wire.story.slice(-6_000)}`;
  }

  /** Ends watching; the board goes on. Fails where a timer is left. */
  async unwatch(): Promise<void> {
    await this.#registry.stop();
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers were left`);
  }

  async close(): Promise<void> {
    try {
      await this.unwatch();
    } finally {
      await this.board.stop();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  acceptReading(reading: NewReading): Reading & { readonly id: number } {
    const stored = { ...reading, id: this.stored.length + 1 };
    this.stored.push({ reading: stored, atMs: this.nowMs(), boardBytes: this.wire.fromBoard.bytes });
    return stored;
  }

  acceptCollection(collection: Collection): Collection {
    return collection;
  }

  acceptMissed(missed: Missed): void {
    this.missed.push(missed);
  }

  acceptBoard({ state }: BoardSnapshot): void {
    this.states.push(state.kind);
  }
}
