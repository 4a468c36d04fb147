import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import { Backoff } from "../shared/backoff.ts";
import { sleep } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { Port, PortOptions } from "../transport/port.ts";
import { BoardReader } from "./board-reader.ts";
import { type BoardIdentity, BoardRecord, type BoardRecordDeps } from "./board-record.ts";
import type { BoardSnapshot } from "./board-status.ts";
import { consoleLines } from "./console-lines.ts";
import { Probe } from "./probe.ts";
import { measureProbeGarbage } from "./probe-garbage.ts";
import { type Due, type SamplePlan, Sampler } from "./sampler.ts";
import { Session } from "./session.ts";
import { stateAfter } from "./state-after.ts";

export interface BoardSettings extends BoardIdentity {
  readonly plan: SamplePlan;
  readonly portOptions: PortOptions;
}

export interface BoardDeps extends BoardRecordDeps {
  readonly openPort: (url: string, signal: AbortSignal, options: PortOptions) => Promise<Port>;
}

/** Answers that fail in a row before a board counts as unresponsive. */
const FAILURES_UNTIL_UNRESPONSIVE = 3;
/** How long a stop waits for a running exchange before it cuts it off, ms. */
const STOP_PATIENCE_MS = 1_000;
/** How long a reading on demand waits for a periodic one that is just running, ms. Most take a few. */
const ON_DEMAND_PATIENCE_MS = 1_000;

const READY = "It answers at its prompt and is read on its interval.";

/** An open port with an identified board at its end. */
interface Connection {
  readonly reader: BoardReader;
  readonly sampler: Sampler;
}

/** One board: opens its port, keeps it open, reads it on its plan, and comes back after every fault. */
export class WatchedBoard {
  readonly #settings: BoardSettings;
  readonly #deps: BoardDeps;
  readonly #record: BoardRecord;
  readonly #stopping = new AbortController();
  #session: Session | null = null;
  #connection: Connection | null = null;
  /** The exchange that is running: resolves, never rejects, when it has ended. */
  #exchange: Promise<void> | null = null;
  #failuresInARow = 0;
  #life: Promise<void> | null = null;

  constructor(settings: BoardSettings, deps: BoardDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#record = new BoardRecord(settings, deps);
  }

  /** Begins to watch. */
  start(): void {
    this.#life ??= this.#live(this.#stopping.signal);
  }

  /** Ends watching, leaves the board at its friendly prompt and the port closed. Twice does no harm. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#orPatience(this.#life, STOP_PATIENCE_MS);
    await this.#session?.close();
    await this.#life;
  }

  snapshot(): BoardSnapshot {
    return this.#record.snapshot();
  }

  /** A reading now. Throws `board-not-ready`, `board-occupied`, or what the exchange ended in. */
  async read(options: { readonly map: boolean }): Promise<Reading> {
    return this.#onDemand((connection) => this.#read(connection, "on-demand", options.map));
  }

  /** A collection now; errors as in `read`. */
  async collect(): Promise<Collection> {
    return this.#onDemand((connection) => this.#collect(connection));
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock, openPort } = this.#deps;
    const { port: url, portOptions } = this.#settings;
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      try {
        const session = new Session(await openPort(url, signal, portOptions), {
          clock,
          onUnsolicited: this.#consoleLog(),
        });
        this.#session = session;
        try {
          await this.#watch(session, backoff, signal);
        } finally {
          this.#connection = null;
          await session.close();
          this.#session = null;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#record.setState("disconnected", asHeapscopeError(error).message);
        await sleep(clock, backoff.next(), signal).catch(() => {});
      }
    }
  }

  /** Reads on the plan until the port is gone or `signal` aborts; throws then. */
  async #watch(session: Session, reconnect: Backoff, signal: AbortSignal): Promise<never> {
    const { clock } = this.#deps;
    const { plan, port } = this.#settings;
    const retry = new Backoff(plan.readIntervalMs, 60_000);
    const sampler = new Sampler(plan, clock.monotonicMs());
    const probe = new Probe(session, port);
    const wake = AbortSignal.any([signal, session.gone]);
    for (;;) {
      await sleep(clock, sampler.nextDueMs - clock.monotonicMs(), wake);
      const { what, overlapped } = sampler.due(clock.monotonicMs());
      for (let count = overlapped + (this.#exchange ? 1 : 0); count > 0; count--) this.#missOverlap();
      if (this.#exchange) continue;
      try {
        await this.#occupy(async () => {
          const connection = await this.#connect(probe, sampler);
          if (what === "collect") await this.#collect(connection);
          else await this.#read(connection, "periodic", what === "read-map");
        });
        this.#failuresInARow = 0;
        reconnect.reset();
        retry.reset();
        this.#record.setState("ready", READY);
      } catch (error) {
        if (signal.aborted) throw error;
        this.#failed(what, asHeapscopeError(error));
        session.gone.throwIfAborted();
        if (this.#record.state.kind !== "ready") sampler.holdUntil(clock.monotonicMs() + retry.next());
      }
    }
  }

  #failed(what: Due, failure: HeapscopeError): void {
    this.#failuresInARow++;
    this.#record.miss(what === "collect" ? "before-collect" : "periodic", failure.code, failure.message);
    const tooMany = this.#failuresInARow >= FAILURES_UNTIL_UNRESPONSIVE;
    const state = stateAfter(failure.code, this.#record.wasIdentified) ?? (tooMany ? "unresponsive" : null);
    if (state) this.#record.setState(state, failure.message);
  }

  /** The board's facts and id are known after this; asked once per connection. */
  async #connect(probe: Probe, sampler: Sampler): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const { sink, clock } = this.#deps;
    this.#record.identified(await probe.identify());
    this.#record.measuredGarbage(await measureProbeGarbage(probe));
    const reader = new BoardReader(probe, sink, clock, this.#record.id, ({ code, message }) => {
      this.#record.noteDiscarded(code, message);
    });
    this.#connection = { reader, sampler };
    return this.#connection;
  }

  async #read(connection: Connection, phase: ReadingPhase, map: boolean): Promise<Reading> {
    const reading = await connection.reader.read(phase, map);
    this.#note(connection, reading);
    return reading;
  }

  async #collect(connection: Connection): Promise<Collection> {
    const { before, after, collection } = await connection.reader.collect();
    this.#note(connection, before);
    this.#note(connection, after);
    this.#record.noteCollection();
    return collection;
  }

  #note({ sampler }: Connection, reading: Reading): void {
    this.#record.noteReading(reading);
    sampler.note(reading, reading.durationMs ?? 0, this.#deps.clock.monotonicMs());
  }

  async #onDemand<Result>(act: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = this.#connection;
    const { id, state } = this.#record;
    if (!connection || state.kind !== "ready") {
      throw heapscopeError("board-not-ready", { board: id, state: state.message });
    }
    if (this.#exchange) await this.#orPatience(this.#exchange, ON_DEMAND_PATIENCE_MS);
    if (this.#exchange) throw heapscopeError("board-occupied", { board: id });
    return this.#occupy(() => act(connection));
  }

  async #occupy<Result>(act: () => Promise<Result>): Promise<Result> {
    let ended = (): void => {};
    this.#exchange = new Promise((resolve) => {
      ended = resolve;
    });
    try {
      return await act();
    } finally {
      this.#exchange = null;
      ended();
    }
  }

  /** Resolves when `work` has ended, or after `patienceMs`; leaves no timer behind. */
  async #orPatience(work: Promise<void> | null, patienceMs: number): Promise<void> {
    const ended = new AbortController();
    await Promise.race([work, sleep(this.#deps.clock, patienceMs, ended.signal).catch(() => {})]);
    ended.abort();
  }

  #missOverlap(): void {
    this.#record.miss(
      "periodic",
      "overlap",
      "Another exchange with the board was still running when it fell due.",
    );
  }

  /** What the board prints beside its answers, for whoever looks at the log on level debug. */
  #consoleLog(): (bytes: Uint8Array) => void {
    const { log } = this.#deps;
    return log.isLevelEnabled("debug")
      ? consoleLines((line) => log.debug({ board: this.#record.id, line }, "The board printed a line."))
      : () => {};
  }
}
