import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MetricsSource } from "../../api/metrics-route.ts";
import type { BoardSnapshot } from "../../board/board-status.ts";
import type { Alert, AlertSeverity, Collection, Missed, Reading } from "../../heap/reading.ts";
import type { CancelTimer, Clock } from "../../shared/clock.ts";
import { HeapscopeError } from "../../shared/errors.ts";
import type { NewEvent } from "../../store/store-types.ts";
import { BoardMetrics } from "./board-metrics.ts";
import { watchEventLoopLag } from "./event-loop-lag.ts";
import { processMetrics } from "./process-metrics.ts";

/** Seconds. One row in WAL mode takes some 50 µs; a disk that is asked to keep it, milliseconds. */
const appendBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];

const severities: readonly AlertSeverity[] = ["info", "warning", "critical"];

/** What is asked at each scrape; the feed has it. */
export interface FeedFigures {
  readonly clientCount: number;
  /** Events waiting for slow clients, over all of them. */
  readonly waiting: number;
  /** Events published since the start. */
  readonly published: number;
  /** Clients cut off because too much waited, since the start. */
  readonly cutOffs: number;
}

/** What is asked of the history's writer at each scrape. */
export interface HistoryFigures {
  /** Events that wait in memory. */
  readonly waiting: number;
  /** Events lost because too many waited, since the start. */
  readonly dropped: number;
}

export interface DaemonMetricsOptions {
  readonly clock: Clock;
  /** heapscope's version. */
  readonly version: string;
  /** The boards that are watched now. */
  readonly boards: () => readonly BoardSnapshot[];
  readonly feed: () => FeedFigures;
  readonly history: () => HistoryFigures;
  /** The alerts that fire now. May throw a HeapscopeError: then their number is not known and not shown. */
  readonly firingAlerts: () => readonly Pick<Alert, "severity">[];
}

/**
 * Everything that `GET /metrics` shows: what the pipeline notes, and what is asked at each scrape. The names follow
 * https://prometheus.io/docs/practices/naming: prefix, base units, `_total` for counters. One registry per daemon.
 * It samples the event loop's lag until `stop`.
 */
export class DaemonMetrics implements MetricsSource {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #options: DaemonMetricsOptions;
  readonly #registry = new Registry();
  readonly #process = processMetrics();
  readonly #stopLag: CancelTimer;
  readonly #boards: BoardMetrics;
  readonly #appendSeconds: Histogram;
  readonly #storeUp: Gauge;
  readonly #storeFailures: Counter;
  readonly #storeWaiting: Gauge;
  readonly #storeDropped: Counter;
  readonly #feedClients: Gauge;
  readonly #feedQueued: Gauge;
  readonly #feedEvents: Counter;
  readonly #feedCutOffs: Counter;
  readonly #alerts: Gauge<"severity">;

  constructor(options: DaemonMetricsOptions) {
    this.#options = options;
    const registers = [this.#registry];
    this.#stopLag = watchEventLoopLag(registers, options.clock);
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    new Gauge({
      name: "heapscope_build_info",
      help: "Always 1: heapscope's version, as a label.",
      labelNames: ["version"],
      registers,
    }).set({ version: options.version }, 1);
    this.#boards = new BoardMetrics(registers, options.clock, options.boards);
    this.#alerts = new Gauge({
      name: "heapscope_alerts_firing",
      help: "Alerts that fire now, over all boards.",
      labelNames: ["severity"],
      registers,
    });
    this.#storeUp = gauge(
      "heapscope_store_up",
      "1 while the history takes what it is given, 0 after a failure.",
    );
    this.#storeUp.set(1);
    this.#storeFailures = counter(
      "heapscope_store_failures_total",
      "Failed attempts to write to the history.",
    );
    this.#storeWaiting = gauge(
      "heapscope_store_waiting_events",
      "Events that wait in memory until the history can take them.",
    );
    this.#storeDropped = counter(
      "heapscope_store_dropped_events_total",
      "Events that were lost because the history could not take them in time.",
    );
    this.#appendSeconds = new Histogram({
      name: "heapscope_store_append_seconds",
      help: "How long the history took to store what it was given.",
      buckets: appendBuckets,
      registers,
    });
    this.#feedClients = gauge("heapscope_feed_clients", "Clients connected to the feed.");
    this.#feedQueued = gauge("heapscope_feed_queued_events", "Events waiting for slow clients of the feed.");
    this.#feedEvents = counter(
      "heapscope_feed_events_total",
      "Events published on the feed, each counted once.",
    );
    this.#feedCutOffs = counter(
      "heapscope_feed_cutoffs_total",
      "Clients of the feed that were cut off because they did not take their events.",
    );
  }

  /** A result on its way through the pipeline, stored or not. */
  note(event: NewEvent): void {
    if (event.type === "reading") this.noteReading(event.data);
    else if (event.type === "collection") this.noteCollection(event.data);
    else if (event.type === "missed") this.noteMissed(event.data);
  }

  noteReading(reading: Reading): void {
    this.#boards.noteReading(reading);
  }

  noteCollection(collection: Collection): void {
    this.#boards.noteCollection(collection);
  }

  noteMissed(missed: Missed): void {
    this.#boards.noteMissed(missed);
  }

  /** The board's state or facts changed. */
  noteBoard(board: BoardSnapshot): void {
    this.#boards.noteBoard(board);
  }

  /** The history has stored something, in so many seconds. */
  noteStoreLatency(seconds: number): void {
    this.#storeUp.set(1);
    this.#appendSeconds.observe(seconds);
  }

  /** An attempt to write to the history failed. It counts as down until it has stored something again. */
  noteStoreFailure(): void {
    this.#storeUp.set(0);
    this.#storeFailures.inc();
  }

  /** Ends the sampling. Twice does no harm. */
  stop(): void {
    this.#stopLag();
  }

  async text(): Promise<string> {
    this.#boards.refresh();
    this.#refreshQueues();
    this.#refreshAlerts();
    return `${await this.#registry.metrics()}\n${await this.#process.metrics()}`;
  }

  #refreshQueues(): void {
    const { clientCount, waiting, published, cutOffs } = this.#options.feed();
    this.#feedClients.set(clientCount);
    this.#feedQueued.set(waiting);
    showTotal(this.#feedEvents, published);
    showTotal(this.#feedCutOffs, cutOffs);
    const history = this.#options.history();
    this.#storeWaiting.set(history.waiting);
    showTotal(this.#storeDropped, history.dropped);
  }

  #refreshAlerts(): void {
    this.#alerts.reset();
    try {
      const firing = this.#options.firingAlerts();
      for (const severity of severities) {
        this.#alerts.set({ severity }, firing.filter((alert) => alert.severity === severity).length);
      }
    } catch (error) {
      if (!(error instanceof HeapscopeError)) throw error;
    }
  }
}

/** A counter of prom-client can only be increased; this one is counted elsewhere. */
function showTotal(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}
