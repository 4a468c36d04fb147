import type { Logger } from "pino";
import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import { Backoff } from "../shared/backoff.ts";
import { type Clock, sleep } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { Port, PortOptions } from "../transport/port.ts";
import { BoardReader } from "./board-reader.ts";
import type { BoardSink } from "./board-sink.ts";
import type { BoardCounts, BoardFacts, BoardSnapshot, BoardState, BoardStateKind } from "./board-status.ts";
import { consoleLines } from "./console-lines.ts";
import { Probe } from "./probe.ts";
import { measureProbeGarbage } from "./probe-garbage.ts";
import { type SamplePlan, Sampler } from "./sampler.ts";
import { Session } from "./session.ts";
import { stateAfter } from "./state-after.ts";

export interface BoardSettings {
  /** URL, see transport/port-url. */
  readonly port: string;
  /** For people; null = the id. */
  readonly name: string | null;
  /** USB serial number, where the port has one. */
  readonly serialNumber: string | null;
  readonly emulated: boolean;
  readonly plan: SamplePlan;
  readonly portOptions: PortOptions;
}

export interface BoardDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly sink: BoardSink;
  readonly openPort: (url: string, signal: AbortSignal, options: PortOptions) => Promise<Port>;
  /** Makes an identity unique among the boards of this daemon. */
  readonly claimId: (candidate: string, port: string) => string;
}

/** Answers that fail in a row before a board counts as unresponsive. */
const FAILURES_UNTIL_UNRESPONSIVE = 3;
/** How long a stop waits for a running exchange before it cuts it off, ms. */
const STOP_PATIENCE_MS = 1_000;
/** How long a reading on demand waits for a periodic one that is just running, ms. Most take a few. */
const ON_DEMAND_PATIENCE_MS = 1_000;

/** An identified board on an open port. */
interface Connection {
  readonly reader: BoardReader;
}

/** One board: opens its port, keeps it open, reads it on its plan, and comes back after every fault. */
export class WatchedBoard {
  readonly #settings: BoardSettings;
  readonly #deps: BoardDeps;
  readonly #stopping = new AbortController();
  #id: string;
  #facts: BoardFacts | null = null;
  #state: BoardState;
  #counts: BoardCounts = { readings: 0, maps: 0, collections: 0, missed: 0, overlapped: 0, discarded: 0 };
  #probeGarbageBytes: number | null = null;
  #lastReading: Reading | null = null;
  #session: Session | null = null;
  #connection: Connection | null = null;
  /** The exchange that is running: resolves, never rejects, when it has ended. */
  #exchange: Promise<void> | null = null;
  #failuresInARow = 0;
  #life: Promise<void> | null = null;

  constructor(settings: BoardSettings, deps: BoardDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#id = deps.claimId(settings.serialNumber ?? pathOf(settings.port), settings.port);
    this.#state = { kind: "connecting", since: this.#now(), message: `Opening ${settings.port}.` };
  }

  /** Begins to watch. */
  start(): void {
    this.#life ??= this.#live(this.#stopping.signal);
  }

  /** Ends watching, leaves the board at its friendly prompt and the port closed. Twice does no harm. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const patience = sleep(this.#deps.clock, STOP_PATIENCE_MS);
    await Promise.race([this.#life, patience]);
    await this.#session?.close();
    await this.#life;
  }

  snapshot(): BoardSnapshot {
    return {
      id: this.#id,
      name: this.#settings.name ?? this.#id,
      port: this.#settings.port,
      emulated: this.#settings.emulated,
      state: this.#state,
      facts: this.#facts,
      counts: this.#counts,
      probeGarbageBytes: this.#probeGarbageBytes,
      lastReading: this.#lastReading,
    };
  }

  /** A reading now. Throws `board-not-ready`, `board-occupied`, or what the exchange ended in. */
  async read(options: { readonly map: boolean }): Promise<Reading> {
    return this.#onDemand(({ reader }) => this.#read(reader, "on-demand", options.map));
  }

  /** A collection now; errors as in `read`. */
  async collect(): Promise<Collection> {
    return this.#onDemand(({ reader }) => this.#collect(reader));
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock, openPort } = this.#deps;
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      try {
        const port = await openPort(this.#settings.port, signal, this.#settings.portOptions);
        const session = new Session(port, { clock, onUnsolicited: this.#consoleLog() });
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
        this.#setState("disconnected", asHeapscopeError(error).message);
        await sleep(clock, backoff.next(), signal).catch(() => {});
      }
    }
  }

  /** Reads on the plan until the port is gone or `signal` aborts; throws then. */
  async #watch(session: Session, reconnect: Backoff, signal: AbortSignal): Promise<never> {
    const { clock } = this.#deps;
    const retry = new Backoff(this.#settings.plan.readIntervalMs, 60_000);
    const sampler = new Sampler(this.#settings.plan, clock.monotonicMs());
    const wake = AbortSignal.any([signal, session.gone]);
    const probe = new Probe(session, this.#settings.port);
    for (;;) {
      await sleep(clock, sampler.nextDueMs - clock.monotonicMs(), wake);
      const { what, overlapped } = sampler.due(clock.monotonicMs());
      for (let count = overlapped + (this.#exchange ? 1 : 0); count > 0; count--) this.#missOverlap();
      if (this.#exchange) continue;
      const startedMs = clock.monotonicMs();
      try {
        const reading = await this.#occupy(async () => {
          const { reader } = await this.#connect(probe);
          if (what === "collect") return (await this.#collectAndRead(reader)).after;
          return this.#read(reader, "periodic", what === "read-map");
        });
        sampler.note(reading, clock.monotonicMs() - startedMs, clock.monotonicMs());
        this.#failuresInARow = 0;
        reconnect.reset();
        retry.reset();
        this.#setState("ready", "It answers at its prompt and is read on its interval.");
      } catch (error) {
        if (wake.aborted) throw error;
        const failure = asHeapscopeError(error);
        this.#failuresInARow++;
        this.#miss(what === "collect" ? "before-collect" : "periodic", failure.code, failure.message);
        const state = stateAfter(failure.code, this.#facts !== null);
        if (state) this.#setState(state, failure.message);
        else if (this.#failuresInARow >= FAILURES_UNTIL_UNRESPONSIVE) {
          this.#setState("unresponsive", failure.message);
        }
        if (this.#state.kind !== "ready") sampler.holdUntil(clock.monotonicMs() + retry.next());
      }
    }
  }

  /** The board's facts and id are known after this; asked once per connection. */
  async #connect(probe: Probe): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const facts = await probe.identify();
    this.#facts = facts;
    this.#id = this.#deps.claimId(
      this.#settings.serialNumber ?? facts.uniqueId ?? pathOf(this.#settings.port),
      this.#settings.port,
    );
    this.#probeGarbageBytes = await measureProbeGarbage(probe);
    const reader = new BoardReader(probe, this.#deps.sink, this.#deps.clock, this.#id, (error) => {
      this.#count("discarded");
      this.#deps.log.warn({ board: this.#id, code: error.code }, error.message);
    });
    this.#connection = { reader };
    return this.#connection;
  }

  async #read(reader: BoardReader, phase: ReadingPhase, map: boolean): Promise<Reading> {
    const reading = await reader.read(phase, map);
    this.#lastReading = reading;
    this.#count("readings");
    if (reading.map) this.#count("maps");
    return reading;
  }

  async #collect(reader: BoardReader): Promise<Collection> {
    return (await this.#collectAndRead(reader)).collection;
  }

  async #collectAndRead(reader: BoardReader): Promise<{ collection: Collection; after: Reading }> {
    const { collection, after } = await reader.collect();
    this.#lastReading = after;
    this.#count("readings", 2);
    this.#count("collections");
    return { collection, after };
  }

  async #onDemand<Result>(act: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = this.#connection;
    if (!connection || this.#state.kind !== "ready") {
      throw heapscopeError("board-not-ready", { board: this.#id, state: this.#state.message });
    }
    if (this.#exchange) await this.#exchangeEnd(ON_DEMAND_PATIENCE_MS);
    if (this.#exchange) throw heapscopeError("board-occupied", { board: this.#id });
    return this.#occupy(() => act(connection));
  }

  /** Resolves when the running exchange has ended, or after `patienceMs`. */
  async #exchangeEnd(patienceMs: number): Promise<void> {
    const ended = new AbortController();
    const patience = sleep(this.#deps.clock, patienceMs, ended.signal).catch(() => {});
    await Promise.race([this.#exchange, patience]);
    ended.abort();
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

  #missOverlap(): void {
    this.#count("overlapped");
    this.#miss("periodic", "overlap", "Another exchange with the board was still running when it fell due.");
  }

  #miss(phase: ReadingPhase, cause: HeapscopeError["code"] | "overlap", detail: string): void {
    this.#count("missed");
    this.#deps.sink.acceptMissed({ id: null, boardId: this.#id, at: this.#now(), phase, cause, detail });
  }

  #count(what: keyof BoardCounts, by = 1): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + by };
  }

  /** One log line and one event per change, however often the same thing is found again. */
  #setState(kind: BoardStateKind, message: string): void {
    if (this.#state.kind === kind) {
      this.#state = { ...this.#state, message };
      return;
    }
    this.#state = { kind, since: this.#now(), message };
    this.#deps.log[kind === "ready" ? "info" : "warn"]({ board: this.#id, state: kind }, message);
    this.#deps.sink.acceptBoard(this.snapshot());
  }

  /** What the board prints beside its answers, for whoever looks at the log on level debug. */
  #consoleLog(): (bytes: Uint8Array) => void {
    const { log } = this.#deps;
    return log.isLevelEnabled("debug")
      ? consoleLines((line) => log.debug({ board: this.#id, line }, "The board printed a line."))
      : () => {};
  }

  #now(): string {
    return new Date(this.#deps.clock.nowMs()).toISOString();
  }
}

function pathOf(port: string): string {
  return port.replace(/^serial:/, "");
}
