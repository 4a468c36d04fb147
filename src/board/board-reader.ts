import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { HeapscopeError } from "../shared/errors.ts";
import { type BoardSink, knownId } from "./board-sink.ts";
import type { Probe } from "./probe.ts";
import { collectionChange, readingOf, readTwice } from "./results.ts";

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

  /**
   * One reading, stored (else its id is null) and published. A damaged answer is asked for once more. Throws the probe's
   * errors.
   */
  async read(phase: ReadingPhase, map: boolean): Promise<Reading> {
    return told(await this.#accepted(phase, map));
  }

  /** Reading, `gc.collect()`, reading: all three or an error. */
  async collect(): Promise<{
    readonly before: Reading;
    readonly after: Reading;
    readonly collection: Collection;
  }> {
    const before = await this.#accepted("before-collect", false);
    const pauseMs = await this.#probe.collect();
    const after = await this.#accepted("after-collect", false);
    const collection = this.#sink.acceptCollection({
      id: null,
      boardId: this.#boardId,
      at: this.#now(),
      beforeId: before.id,
      afterId: after.id,
      ...collectionChange(before, after),
      pauseMs,
    });
    return { before: told(before), after: told(after), collection };
  }

  async #accepted(phase: ReadingPhase, map: boolean): Promise<Reading & { readonly id: number }> {
    const probed = await readTwice(this.#probe, { map }, this.#onDiscarded);
    return this.#sink.acceptReading(readingOf(probed, phase, this.#boardId, this.#now()), probed.dump);
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }
}

function told(reading: Reading): Reading {
  return { ...reading, id: knownId(reading.id) };
}
