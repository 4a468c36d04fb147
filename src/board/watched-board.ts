import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import { Backoff } from "../shared/backoff.ts";
import { sleep } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { Port, PortOptions } from "../transport/port.ts";
import { BoardReader } from "./board-reader.ts";
import { type BoardIdentity, BoardRecord, type BoardRecordDeps } from "./board-record.ts";
import type { BoardSnapshot } from "./board-status.ts";
import { consoleLines } from "./console-lines.ts";
import { ExchangeGate, orPatience } from "./exchange-gate.ts";
import { Probe } from "./probe.ts";
import { measureProbeGarbage } from "./probe-garbage.ts";
import { type Due, type SamplePlan, Sampler } from "./sampler.ts";
import { Session } from "./session.ts";
import { stateAfter } from "./state-after.ts";
import type { WhenBusy } from "./when-busy.ts";

export interface BoardSettings extends BoardIdentity {
  readonly plan: SamplePlan;
  readonly whenBusy: WhenBusy;
  /** The port's USB ids are MicroPython for certain (board/usb-ids). */
  readonly certain: boolean;
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

/** As long as a timer can wait, about 24 days; then it waits again. */
const FOREVER_MS = 2 ** 31 - 1;
const READY = "It answers at its prompt and is read on its interval.";

/** The port is lent to other programs, until `untilMs` (monotonic; null = no end set). */
interface Lent {
  readonly untilMs: number | null;
}

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
  readonly #gate: ExchangeGate;
  readonly #stopping = new AbortController();
  #session: Session | null = null;
  #connection: Connection | null = null;
  /** What the board's life waits for just now; `#newWait()` begins one, an abort ends it early. */
  #wait = new AbortController();
  #failuresInARow = 0;
  #lent: Lent | null = null;
  /** Counts releases: a connection that ends because of one is no fault. */
  #lends = 0;
  #life: Promise<void> | null = null;

  constructor(settings: BoardSettings, deps: BoardDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#record = new BoardRecord(settings, deps);
    this.#gate = new ExchangeGate(deps.clock);
  }

  /** Begins to watch. */
  start(): void {
    this.#life ??= this.#live(this.#stopping.signal);
  }

  /** Ends watching, leaves the board at its friendly prompt and the port closed. Twice does no harm. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wait.abort();
    if (this.#life) await orPatience(this.#life, STOP_PATIENCE_MS, this.#deps.clock);
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

  /**
   * Leaves the board at its friendly prompt and its port free for other programs, for `forMs` or until `attach()`
   * (null). Resolves when the port is closed. A second release sets the time anew.
   */
  async release(forMs: number | null): Promise<void> {
    const { clock } = this.#deps;
    this.#lends++;
    this.#lent = { untilMs: forMs === null ? null : clock.monotonicMs() + forMs };
    const until = forMs === null ? "" : ` until ${new Date(clock.nowMs() + forMs).toISOString()}`;
    this.#record.setState("released", `The port is free for other programs${until}; "attach" takes it back.`);
    if (!this.#session) this.#wait.abort();
    await this.#gate.quiet(STOP_PATIENCE_MS);
    await this.#session?.close();
  }

  /** Whether this is the board with that USB serial number, and its port is gone. */
  isAway(serialNumber: string): boolean {
    return this.#record.serialNumber === serialNumber && this.#record.state.kind === "disconnected";
  }

  /** The board is there again, perhaps at another port: opens it at once, unless it is open. */
  returned(port: string): void {
    if (this.#session) return;
    this.#record.movedTo(port);
    this.#wait.abort();
  }

  /** Takes a released port back; reading goes on. Does nothing where it is not released. */
  attach(): void {
    if (!this.#lent) return;
    this.#lent = null;
    this.#record.setState("connecting", `Opening ${this.#record.port} again.`);
    if (!this.#session) this.#wait.abort();
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock, openPort } = this.#deps;
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      if (this.#lent) {
        await this.#lentOut(this.#lent);
        continue;
      }
      const lends = this.#lends;
      try {
        const port = await openPort(this.#record.port, signal, this.#settings.portOptions);
        const session = new Session(port, { clock, onUnsolicited: this.#consoleLog() });
        this.#session = session;
        try {
          if (!this.#lent) await this.#watch(session, backoff, signal);
        } finally {
          this.#connection = null;
          await session.close();
          this.#session = null;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (this.#lends !== lends) continue;
        this.#disconnected(asHeapscopeError(error));
        await sleep(clock, backoff.next(), this.#newWait().signal).catch(() => {});
      }
    }
  }

  /** Waits while the port is lent. */
  async #lentOut(lent: Lent): Promise<void> {
    const { clock } = this.#deps;
    const leftMs = lent.untilMs === null ? FOREVER_MS : lent.untilMs - clock.monotonicMs();
    await sleep(clock, Math.min(leftMs, FOREVER_MS), this.#newWait().signal).catch(() => {});
    const isOver = lent.untilMs !== null && clock.monotonicMs() >= lent.untilMs;
    if (this.#lent === lent && isOver) this.attach();
  }

  /** One controller per wait: AbortSignal.any() would leave a trace on the lasting signal each time. */
  #newWait(): AbortController {
    this.#wait = new AbortController();
    if (this.#stopping.signal.aborted) this.#wait.abort();
    return this.#wait;
  }

  /** Reads on the plan until the port is gone or `signal` aborts; throws then. */
  async #watch(session: Session, reconnect: Backoff, signal: AbortSignal): Promise<never> {
    const { clock } = this.#deps;
    const { plan } = this.#settings;
    const lends = this.#lends;
    const retry = new Backoff(plan.readIntervalMs, 60_000);
    const sampler = new Sampler(plan, clock.monotonicMs());
    const probe = new Probe(session, this.#record.port);
    const wake = this.#newWait();
    session.gone.addEventListener("abort", () => wake.abort(session.gone.reason), { once: true });
    for (;;) {
      await sleep(clock, sampler.nextDueMs - clock.monotonicMs(), wake.signal);
      // A timer may fire a fraction of a millisecond early; the reading would then come twice.
      if (clock.monotonicMs() < sampler.nextDueMs) continue;
      const { what, overlapped } = sampler.due(clock.monotonicMs());
      for (let count = overlapped + (this.#gate.isBusy ? 1 : 0); count > 0; count--) this.#missOverlap();
      if (this.#gate.isBusy) continue;
      try {
        await this.#gate.occupy(async () => {
          const connection = await this.#connect(probe, sampler);
          if (what === "collect") await this.#collect(connection);
          else await this.#read(connection, "periodic", what === "read-map");
        });
        this.#failuresInARow = 0;
        reconnect.reset();
        retry.reset();
        this.#record.setState("ready", READY);
      } catch (error) {
        if (signal.aborted || this.#lends !== lends) throw error;
        if (session.gone.aborted) throw error;
        this.#failed(what, asHeapscopeError(error));
        if (this.#record.state.kind !== "ready") sampler.holdUntil(clock.monotonicMs() + retry.next());
      }
    }
  }

  /** The port is gone or cannot be opened. The first reading that falls to it is missed; the state tells how long. */
  #disconnected({ code, message }: HeapscopeError): void {
    if (this.#record.state.kind !== "disconnected") this.#record.miss("periodic", code, message);
    this.#record.setState("disconnected", message);
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
    // No await where it is free: another request could slip in between.
    if (this.#gate.isBusy) await this.#gate.quiet(ON_DEMAND_PATIENCE_MS);
    if (this.#gate.isBusy) throw heapscopeError("board-occupied", { board: id });
    return this.#gate.occupy(() => act(connection));
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
