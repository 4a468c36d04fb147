import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import { HeapscopeError } from "../shared/errors.ts";
import type { BoardSink } from "./board-sink.ts";
import type { Probe, Probed } from "./probe.ts";

/** What one connection reads from one board, on its way to the sink. */
export class BoardReader {
  readonly #probe: Probe;
  readonly #sink: BoardSink;
  readonly #clock: Clock;
  readonly #boardId: string;
  /** Called when a damaged answer was thrown away and asked for again. */
  readonly #onDiscarded: (error: HeapscopeError) => void;

  constructor(
    probe: Probe,
    sink: BoardSink,
    clock: Clock,
    boardId: string,
    onDiscarded: (error: HeapscopeError) => void,
  ) {
    this.#probe = probe;
    this.#sink = sink;
    this.#clock = clock;
    this.#boardId = boardId;
    this.#onDiscarded = onDiscarded;
  }

  /** One reading, stored and published. A damaged answer is asked for once more. Throws the probe's errors. */
  async read(phase: ReadingPhase, map: boolean): Promise<Reading & { readonly id: number }> {
    return this.#accept(await this.#probeWithRetry(map), phase);
  }

  /** Reading, `gc.collect()`, reading: all three or an error. */
  async collect(): Promise<{ readonly collection: Collection; readonly after: Reading }> {
    const before = this.#accept(await this.#probeWithRetry(false), "before-collect");
    const pauseMs = await this.#probe.collect();
    const after = this.#accept(await this.#probeWithRetry(false), "after-collect");
    const collection = this.#sink.acceptCollection({
      id: null,
      boardId: this.#boardId,
      at: this.#now(),
      beforeId: before.id,
      afterId: after.id,
      reclaimedBytes: before.heap.usedBytes - after.heap.usedBytes,
      largestFreeGainBytes:
        after.largestFreeBytes === null || before.largestFreeBytes === null
          ? null
          : after.largestFreeBytes - before.largestFreeBytes,
      fragmentationBefore: before.fragmentation,
      fragmentationAfter: after.fragmentation,
      pauseMs,
    });
    return { collection, after };
  }

  async #probeWithRetry(map: boolean): Promise<Probed> {
    try {
      return await this.#probe.read({ map });
    } catch (error) {
      if (!(error instanceof HeapscopeError) || error.code !== "dump-damaged") throw error;
      this.#onDiscarded(error);
      return await this.#probe.read({ map });
    }
  }

  #accept(probed: Probed, phase: ReadingPhase): Reading & { readonly id: number } {
    const { figures, dump, durationMs, wireBytes } = probed;
    return this.#sink.acceptReading(
      {
        id: null,
        boardId: this.#boardId,
        at: this.#now(),
        source: "repl",
        phase,
        durationMs: Math.round(durationMs * 1000) / 1000,
        wireBytes,
        ...figures,
      },
      dump,
    );
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }
}
