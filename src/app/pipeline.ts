import type { FeedHub } from "../api/feed.ts";
import { type BoardSink, knownId, type NewReading } from "../board/board-sink.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { Alert, Collection, Missed, Reading } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { BoardUpdate, NewEvent } from "../store/store-types.ts";
import type { AlertWatch } from "./alert-watch.ts";
import type { HistoryWriter } from "./history-writer.ts";
import type { DaemonMetrics } from "./metrics/daemon-metrics.ts";

/** What the pipeline tells the metrics. */
export type PipelineMetrics = Pick<DaemonMetrics, "note" | "noteBoard">;

/** Who sees each result after it was stored and published, or could not be. Must not throw. */
export type ResultWatch = Pick<AlertWatch, "acceptReading" | "acceptMissed" | "acceptBoard">;

export interface PipelineOptions {
  readonly history: HistoryWriter;
  readonly feed: Pick<FeedHub, "publish" | "publishUnstored">;
  readonly clock: Clock;
  readonly metrics?: PipelineMetrics | undefined;
  readonly watch?: ResultWatch | undefined;
}

/**
 * The one way that every result takes: stored, noted by the metrics, published, in the same tick; then seen by the alerts, whose
 * own events come after it. What cannot be stored now is published without a cursor, because the feed's cursor is the
 * stored row, and once more with one when it is stored.
 */
export class Pipeline implements BoardSink {
  readonly #history: HistoryWriter;
  readonly #feed: PipelineOptions["feed"];
  readonly #clock: Clock;
  readonly #metrics: PipelineMetrics | undefined;
  readonly #watch: ResultWatch | undefined;

  constructor({ history, feed, clock, metrics, watch }: PipelineOptions) {
    this.#history = history;
    this.#feed = feed;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#watch = watch;
  }

  /** `dump`: the text that holds the reading's map, as the board printed it. */
  acceptReading(reading: NewReading, dump: Uint8Array | null): Reading & { readonly id: number } {
    const id = this.#accept({ type: "reading", data: reading, ...(dump && { dump }) });
    const stored = { ...reading, id };
    this.#watch?.acceptReading(stored);
    return stored;
  }

  acceptCollection(collection: Collection): Collection {
    return withoutWaitingIds({ ...collection, id: this.#accept({ type: "collection", data: collection }) });
  }

  acceptMissed(missed: Missed): void {
    this.#accept({ type: "missed", data: missed });
    this.#watch?.acceptMissed(missed);
  }

  acceptBoard(snapshot: BoardSnapshot): void {
    const { id, name, port, emulated, facts } = snapshot;
    const at = new Date(this.#clock.nowMs()).toISOString();
    this.#metrics?.noteBoard(snapshot);
    this.#accept({ type: "board", boardId: id, at, data: snapshot }, { id, name, port, emulated, facts });
    this.#watch?.acceptBoard(snapshot);
  }

  /** A rule began, or ceased, to be met. */
  acceptAlert(alert: Alert): Alert {
    return { ...alert, id: this.#accept({ type: "alert", data: alert }) };
  }

  /** Stores and publishes; returns the id, which is below zero while the event waits to be stored. */
  #accept(event: NewEvent, board?: BoardUpdate): number {
    const stored = this.#history.write(event, board);
    this.#metrics?.note(event);
    if (typeof stored === "number") {
      // What waits is called by ids that mean nothing to others.
      const isCollection = event.type === "collection";
      this.#feed.publishUnstored(isCollection ? { ...event, data: withoutWaitingIds(event.data) } : event);
      return stored;
    }
    this.#feed.publish(stored);
    return stored.cursor;
  }
}

function withoutWaitingIds(collection: Collection): Collection {
  const { id, beforeId, afterId } = collection;
  return {
    ...collection,
    id: knownId(id),
    beforeId: knownId(beforeId),
    afterId: knownId(afterId),
  };
}
