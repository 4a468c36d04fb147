import type { Collection, Reading } from "../heap/reading.ts";
import { Backoff } from "../shared/backoff.ts";
import { sleep } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { ModulesSeen } from "../shared/module-facts.ts";
import type { Port, PortOptions } from "../transport/port.ts";
import { type BoardConsole, openBoardConsole } from "./board-console.ts";
import { type BoardIdentity, BoardRecord, type BoardRecordDeps } from "./board-record.ts";
import type { BoardSnapshot } from "./board-status.ts";
import { BoardWatch } from "./board-watch.ts";
import { ConsoleLog, type ConsolePage, type ConsoleQuery } from "./console-log.ts";
import type { ConsoleSource } from "./console-text.ts";
import { orPatience } from "./exchange-gate.ts";
import { HelperMemory } from "./helper-memory.ts";
import { defaultHelperSettings, type HelperSettings } from "./helper-mode.ts";
import { HelperWatch, type HelperWatchDeps } from "./helper-watch.ts";
import { InterruptLicence } from "./interrupt-licence.ts";
import type { SamplePlan } from "./sampler.ts";
import { Session } from "./session.ts";
import type { WhenBusy } from "./when-busy.ts";

export interface BoardSettings extends BoardIdentity {
  readonly plan: SamplePlan;
  readonly whenBusy: WhenBusy;
  /** Default: auto, without a byte for requests. */
  readonly helper?: HelperSettings;
  /** The port's USB ids are MicroPython for certain (board/usb-ids). */
  readonly certain: boolean;
  readonly portOptions: PortOptions;
  /** TCP port on 127.0.0.1 at which the daemon offers its console. Absent: none. */
  readonly consolePort?: number;
}

export interface BoardDeps extends BoardRecordDeps {
  /** How often the board's helper reported according to the history, ms; null: the last reading was not a helper's. */
  readonly helperIntervalMs?: (boardId: string) => number | null;
  readonly openPort: (url: string, signal: AbortSignal, options: PortOptions) => Promise<Port>;
}

/** How long a stop waits for a running exchange before it cuts it off, ms. */
const STOP_PATIENCE_MS = 1_000;
/** The same where a program waits to be set going again. */
const STOP_PATIENCE_FOR_PROGRAM_MS = 5_000;
/** How long a console waits for a running exchange, ms: as long as a board takes that does not answer, and a little more. */
const CONSOLE_PATIENCE_MS = 8_000;
/** As long as a timer can wait, about 24 days; then it waits again. */
const FOREVER_MS = 2 ** 31 - 1;

/** The port is lent to other programs, until `untilMs` (monotonic; null = no end set). */
interface Lent {
  readonly untilMs: number | null;
}

/** An open port and what is done with it. */
interface Connection {
  readonly session: Session;
  readonly watch: BoardWatch;
  readonly helper: HelperWatch | null;
}

/** One board: opens its port, keeps it open, lends it, and comes back after every fault. */
export class WatchedBoard {
  readonly #settings: BoardSettings;
  readonly #deps: BoardDeps;
  readonly #record: BoardRecord;
  readonly #licence: InterruptLicence;
  readonly #printed: ConsoleLog;
  readonly #stopping = new AbortController();
  #connection: Connection | null = null;
  /** What the board's life waits for between connections; an abort ends the wait early. */
  #wait = new AbortController();
  #lent: Lent | null = null;
  /** Counts releases: a connection that ends because of one is no fault. */
  #lends = 0;
  #console: BoardConsole | "opening" | null = null;
  #hasEnded = false;
  #vanished = false;
  #helperMemory: HelperMemory | null = null;
  #life: Promise<void> | null = null;

  constructor(settings: BoardSettings, deps: BoardDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#record = new BoardRecord(settings, deps, settings.plan.readIntervalMs);
    this.#printed = new ConsoleLog(deps.clock, this.#debugLog());
    this.#licence = new InterruptLicence(settings.whenBusy, settings.plan.readIntervalMs);
  }

  /** Begins to watch. */
  start(): void {
    this.#life ??= this.#live(this.#stopping.signal);
  }

  /** Ends watching, leaves the board at its friendly prompt and the port closed. Twice does no harm. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wait.abort();
    this.#closeConsole("heapscope stops");
    if (this.#life) await orPatience(this.#life, this.#patienceMs, this.#deps.clock);
    await closeSession(this.#connection);
    await this.#life;
  }

  snapshot(): BoardSnapshot {
    return this.#record.snapshot();
  }

  /** What the board printed beside its answers, to us or to a person at its console. */
  consoleLog(query: ConsoleQuery): ConsolePage {
    return this.#printed.page(query);
  }

  /** A reading now. Throws `board-not-ready`, `board-occupied`, or what the exchange ended in. */
  async read(options: { readonly map: boolean }): Promise<Reading> {
    return this.#connected().watch.read(options.map);
  }

  /** A collection now; errors as in `read`. */
  async collect(): Promise<Collection> {
    return this.#connected().watch.collect();
  }

  /** Asks which modules the board has loaded; errors as in `read`, and `helper-no-request` while its helper reports. */
  async listModules(): Promise<ModulesSeen> {
    return this.#connected().watch.listModules();
  }

  /** As `listModules` last had them; null: nobody has asked yet. */
  modulesSeen(): ModulesSeen | null {
    return this.#record.modulesSeen;
  }

  /**
   * Leaves the board at its friendly prompt and its port free for other programs, for `forMs` or until `attach()`
   * (null). Resolves when the port is closed. A second release sets the time anew. Throws `board-not-ready` of a board that has ended.
   */
  async release(forMs: number | null): Promise<void> {
    const { clock } = this.#deps;
    this.#mustNotHaveEnded();
    this.#lends++;
    this.#lent = { untilMs: forMs === null ? null : clock.monotonicMs() + forMs };
    const until = forMs === null ? "" : ` until ${new Date(clock.nowMs() + forMs).toISOString()}`;
    this.#record.setState("released", `The port is free for other programs${until}; "attach" takes it back.`);
    // With a console, readings pause already, and stay so.
    const isPaused = this.#console !== null;
    this.#closeConsole("the port was released");
    if (!this.#connection) this.#wait.abort();
    const connection = this.#connection;
    if (!isPaused) await connection?.watch.pause(this.#patienceMs);
    await connection?.watch.finish(this.#patienceMs);
    await closeSession(connection);
    connection?.watch.goOn();
  }

  /**
   * Takes a released port back; reading goes on. Where it is not released: asks a board again that was left alone, and
   * lets a program be interrupted again that a watchdog seemed to guard, as far as the policy goes. Throws `board-not-ready`
   * of a board that has ended.
   */
  attach(): void {
    this.#mustNotHaveEnded();
    this.#licence.renew();
    if (!this.#lent) {
      if (this.#connection) this.#connection.watch.tryAgain();
      else this.#wait.abort();
      return;
    }
    this.#lent = null;
    this.#record.setState("connecting", `Opening ${this.#record.port} again.`);
    if (!this.#connection) this.#wait.abort();
  }

  /**
   * Opens the board's console: its bytes go to `onBytes`, and readings pause until the console is closed from either side.
   * Throws `board-not-ready` where the port is not open, `console-taken`, or `board-occupied`.
   */
  async openConsole(onBytes: (bytes: Uint8Array) => void): Promise<BoardConsole> {
    const { id } = this.#record;
    if (this.#console) throw heapscopeError("console-taken", { board: id });
    const { session, watch, helper } = this.#connected();
    this.#console = "opening";
    try {
      const { quiet } = await watch.pause(CONSOLE_PATIENCE_MS);
      if (!quiet) throw heapscopeError("board-occupied", { board: id });
      const console = await openBoardConsole(session, (bytes) => {
        onBytes(bytes);
        this.#heard(helper, bytes, "console");
      });
      if (this.#lent) {
        console.close();
        throw heapscopeError("board-not-ready", { board: id, state: this.#record.state.message });
      }
      this.#console = console;
      this.#record.setState(
        "console",
        "Its console is open through heapscope. Readings pause, and go on when it is closed.",
      );
      void console.closed.then(() => {
        this.#console = null;
        const isWatched = !session.gone.aborted && !this.#stopping.signal.aborted;
        if (isWatched && this.#record.state.kind === "console")
          this.#record.setState("connecting", "Looking for the prompt.");
        this.#goOn(watch);
      });
      return console;
    } catch (error) {
      this.#console = null;
      this.#goOn(watch);
      throw error;
    }
  }

  /**
   * The device is no more, so its port may be another's: it is never opened again. The board stays what it was, and says
   * since when and why it is away. Resolves when the port is closed.
   */
  async ended(how: string): Promise<void> {
    this.#hasEnded = true;
    await this.stop();
    const { code, message } = heapscopeError("board-ended", { port: this.#record.port, how });
    if (this.#record.doing !== "disconnected") this.#record.miss("periodic", code, message);
    this.#record.ended(message);
  }

  /** Whether this is the board with that USB serial number, and its port is gone. */
  isAway(serialNumber: string): boolean {
    return this.#record.serialNumber === serialNumber && this.#record.doing === "disconnected";
  }

  /** The board is there again, perhaps at another port: opens it at once, unless it is open. */
  returned(port: string): void {
    if (this.#connection) return;
    this.#record.movedTo(port);
    this.#wait.abort();
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      if (this.#lent) {
        await this.#lentOut(this.#lent);
        continue;
      }
      const lends = this.#lends;
      try {
        await this.#connect(backoff, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (this.#lends !== lends) continue;
        this.#disconnected(asHeapscopeError(error));
        await sleep(clock, backoff.next(), this.#newWait().signal).catch(() => {});
      }
    }
  }

  /** One connection, from opening the port to its end, which it throws. */
  async #connect(backoff: Backoff, signal: AbortSignal): Promise<void> {
    const { clock, openPort, sink } = this.#deps;
    const { plan, certain, portOptions } = this.#settings;
    const port = await openPort(this.#record.port, signal, portOptions);
    backoff.reset();
    if (this.#vanished) this.#record.noteRestart(clock.monotonicMs());
    this.#vanished = false;
    const session: Session = new Session(port, {
      clock,
      onUnsolicited: (bytes, isDisturbed) => this.#heard(helper, bytes, isDisturbed ? "repl" : "board"),
      onSign: (sign) => watch.heard(sign),
    });
    const helper = this.#helperWatch({
      write: (bytes) => session.type(bytes),
      gone: () => session.gone,
      onFrame: () => watch.reported(),
      onRestart: () => watch.helperRestarted(),
    });
    const watch: BoardWatch = new BoardWatch({
      session,
      helper,
      record: this.#record,
      licence: this.#licence,
      sink,
      clock,
      plan,
      certain,
    });
    this.#connection = { session, watch, helper };
    const lends = this.#lends;
    try {
      if (!this.#lent) await watch.run(signal);
    } finally {
      // A port that was closed for others has not vanished.
      this.#vanished = session.gone.aborted && !signal.aborted && this.#lends === lends;
      await watch.finish(this.#patienceMs);
      await closeSession({ session, helper });
      helper?.end();
      this.#printed.end();
      this.#connection = null;
    }
  }

  #helperWatch(
    wiring: Pick<HelperWatchDeps, "write" | "gone" | "onFrame" | "onRestart">,
  ): HelperWatch | null {
    const { helper: settings = defaultHelperSettings } = this.#settings;
    if (settings.mode === "off") return null;
    const { clock, sink, helperIntervalMs } = this.#deps;
    this.#helperMemory ??= new HelperMemory(helperIntervalMs?.(this.#record.id) ?? null);
    return new HelperWatch({
      ...wiring,
      settings,
      clock,
      sink,
      memory: this.#helperMemory,
      record: this.#record,
      onText: (bytes, source) => this.#printed.push(bytes, source),
    });
  }

  /** What the board printed beside its answers: its helper's reports are no text. */
  #heard(helper: HelperWatch | null, bytes: Uint8Array, source: ConsoleSource): void {
    if (helper) helper.push(bytes, source);
    else this.#printed.push(bytes, source);
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

  /** The port is gone or cannot be opened. The first reading that falls to it is missed; the state tells how long. */
  #disconnected({ code, message }: HeapscopeError): void {
    if (this.#vanished) this.#licence.restarted(this.#deps.clock.monotonicMs());
    if (this.#record.state.kind !== "disconnected") this.#record.miss("periodic", code, message);
    this.#record.setState("disconnected", message);
  }

  get #patienceMs(): number {
    const { policy } = this.#licence;
    return policy === "restart" || policy === "resume" ? STOP_PATIENCE_FOR_PROGRAM_MS : STOP_PATIENCE_MS;
  }

  #connected(): Connection {
    const { id, state } = this.#record;
    if (!this.#connection || this.#lent) {
      throw heapscopeError("board-not-ready", { board: id, state: state.message });
    }
    return this.#connection;
  }

  #mustNotHaveEnded(): void {
    const { id, state } = this.#record;
    if (this.#hasEnded) throw heapscopeError("board-not-ready", { board: id, state: state.message });
  }

  /** Readings go on at once after a console, except where the port is released. */
  #goOn(watch: BoardWatch): void {
    if (this.#lent) return;
    watch.goOn();
    watch.tryAgain();
  }

  #closeConsole(reason: string): void {
    if (this.#console && this.#console !== "opening") this.#console.close(reason);
  }

  /** What the board prints beside its answers, for whoever looks at the log on level debug. */
  #debugLog(): ((line: string) => void) | null {
    const { log } = this.#deps;
    if (!log.isLevelEnabled("debug")) return null;
    return (line) => log.debug({ board: this.#record.id, line }, "The board printed a line.");
  }
}

/** To a program that reports by itself nothing is written, not even at the end. */
async function closeSession(connection: Pick<Connection, "session" | "helper"> | null): Promise<void> {
  await connection?.session.close({ quietly: connection.helper?.reports ?? false });
}
