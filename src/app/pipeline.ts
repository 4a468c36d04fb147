import type { FeedHub } from "../api/feed.ts";
import type { BoardSink, NewReading } from "../board/board-sink.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Collection, Missed, Reading } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { BoardUpdate, NewEvent } from "../store/store-types.ts";
import type { HistoryWriter } from "./history-writer.ts";
import type { DaemonMetrics } from "./metrics/daemon-metrics.ts";

/** What the pipeline tells the metrics. */
export type PipelineMetrics = Pick<DaemonMetrics, "note" | "noteBoard">;

/**
 * The one way that every result takes: stored, then published, in the same tick. What cannot be stored now is published
 * without a cursor, because the feed's cursor is the stored row, and once more with one when it is stored.
 */
export class Pipeline implements BoardSink {
  readonly #history: HistoryWriter;
  readonly #feed: Pick<FeedHub, "publish" | "publishUnstored">;
  readonly #clock: Clock;
  readonly #metrics: PipelineMetrics | undefined;

  constructor(
    history: HistoryWriter,
    feed: Pick<FeedHub, "publish" | "publishUnstored">,
    clock: Clock,
    metrics?: PipelineMetrics,
  ) {
    this.#history = history;
    this.#feed = feed;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** `dump`: the text that holds the reading's map, as the board printed it. */
  acceptReading(reading: NewReading, dump: Uint8Array | null): Reading & { readonly id: number } {
    const id = this.#accept({ type: "reading", data: reading, ...(dump && { dump }) });
    return { ...reading, id };
  }

  acceptCollection(collection: Collection): Collection {
    return { ...collection, id: this.#accept({ type: "collection", data: collection }) };
  }

  acceptMissed(missed: Missed): void {
    this.#accept({ type: "missed", data: missed });
  }

  acceptBoard(snapshot: BoardSnapshot): void {
    const { id, name, port, emulated, facts } = snapshot;
    const at = new Date(this.#clock.nowMs()).toISOString();
    this.#metrics?.noteBoard(snapshot);
    this.#accept({ type: "board", boardId: id, at, data: snapshot }, { id, name, port, emulated, facts });
  }

  /** Stores and publishes; returns the id, which is below zero while the event waits to be stored. */
  #accept(event: NewEvent, board?: BoardUpdate): number {
    const stored = this.#history.write(event, board);
    this.#metrics?.note(event);
    if (typeof stored === "number") {
      this.#feed.publishUnstored(event);
      return stored;
    }
    this.#feed.publish(stored);
    return stored.cursor;
  }
}
