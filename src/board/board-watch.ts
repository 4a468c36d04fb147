import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import { Backoff } from "../shared/backoff.ts";
import { type Clock, sleep } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { ModulesSeen } from "../shared/module-facts.ts";
import { BoardReader } from "./board-reader.ts";
import type { BoardRecord } from "./board-record.ts";
import type { BoardSink } from "./board-sink.ts";
import { ExchangeGate } from "./exchange-gate.ts";
import type { HelperWatch } from "./helper-watch.ts";
import type { InterruptLicence } from "./interrupt-licence.ts";
import { Probe } from "./probe.ts";
import { measureProbeGarbage } from "./probe-garbage.ts";
import { PromptAccess } from "./prompt-access.ts";
import { type Due, type SamplePlan, Sampler } from "./sampler.ts";
import type { Session, Sign } from "./session.ts";
import { stateAfter } from "./state-after.ts";
import { busyMessage, readyMessage } from "./state-messages.ts";

export interface BoardWatchDeps {
  readonly session: Session;
  readonly record: BoardRecord;
  readonly licence: InterruptLicence;
  readonly sink: BoardSink;
  readonly clock: Clock;
  readonly plan: SamplePlan;
  /** Null: its helper is none of our business. */
  readonly helper: HelperWatch | null;
  /** Its USB ids are MicroPython for certain. */
  readonly certain: boolean;
}

/** Answers that fail in a row before a board counts as unresponsive. */
const FAILURES_UNTIL_UNRESPONSIVE = 3;
/** How long a reading on demand waits for a periodic one that is just running, ms. Most take a few. */
const ON_DEMAND_PATIENCE_MS = 1_000;
/** Longest time between two questions to a board that does not answer, ms. A late answer is heard at any time. */
const LONGEST_RETRY_MS = 300_000;
/** As long as a timer can wait, about 24 days; then it waits again. */
const FOREVER_MS = 2 ** 31 - 1;
/** What a board says with its prompt is let out first, ms. */
const AFTER_SIGN_MS = 200;

/** One connection to a board, from the open port to its end: asks on the plan, and knows what a failure means. */
export class BoardWatch {
  readonly #deps: BoardWatchDeps;
  readonly #gate: ExchangeGate;
  readonly #probe: Probe;
  readonly #access: PromptAccess;
  readonly #sampler: Sampler;
  readonly #retry: Backoff;
  #reader: BoardReader | null = null;
  /** What the loop waits for just now; an abort ends the wait early. */
  #wait = new AbortController();
  #failuresInARow = 0;
  /** Readings pause until it settles. */
  #pause: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  /** The board was left alone when it was last looked at. */
  #wasLeftAlone = false;
  /** A prompt seen while the board did not answer is worth a question; not again if that was in vain. */
  #trustsPrompt = true;

  constructor(deps: BoardWatchDeps) {
    const { session, record, licence, clock, plan, helper } = deps;
    this.#deps = deps;
    this.#gate = new ExchangeGate(clock);
    this.#probe = new Probe(session, record.port, () => this.#mustNotReport());
    this.#access = new PromptAccess(session, licence, clock, () => !helper?.reports && !helper?.isUnreadable);
    this.#sampler = new Sampler(plan, clock.monotonicMs());
    this.#retry = new Backoff(plan.readIntervalMs, Math.max(plan.readIntervalMs, LONGEST_RETRY_MS));
    session.gone.addEventListener("abort", () => this.#wait.abort(), { once: true });
  }

  /** Reads on the plan until the port is gone or `signal` aborts; throws then. */
  async run(signal: AbortSignal): Promise<never> {
    const wake = (): void => this.#wait.abort();
    signal.addEventListener("abort", wake, { once: true });
    try {
      return await this.#readOn(signal);
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  async #readOn(signal: AbortSignal): Promise<never> {
    const { clock, session } = this.#deps;
    for (;;) {
      if (this.#pause) await this.#pause.over;
      signal.throwIfAborted();
      session.gone.throwIfAborted();
      if (await this.#leaveAlone()) continue;
      const waitMs = this.#sampler.nextDueMs - clock.monotonicMs();
      if (waitMs > 0) {
        this.#wait = new AbortController();
        await sleep(clock, Math.min(waitMs, FOREVER_MS), this.#wait.signal).catch(() => {});
        // A timer may fire a fraction of a millisecond early; the reading would then come twice.
        continue;
      }
      const { what, overlapped } = this.#sampler.due(clock.monotonicMs());
      for (let count = overlapped + (this.#gate.isBusy ? 1 : 0); count > 0; count--) this.#missOverlap();
      if (!this.#gate.isBusy) await this.#periodic(what, signal);
    }
  }

  /** A reading now. Throws `board-not-ready`, `board-occupied`, or what the exchange ended in. */
  async read(map: boolean): Promise<Reading> {
    const { helper } = this.#deps;
    if (helper?.reports && !this.#pause) return helper.requestMap();
    return this.#onDemand(() => this.#read("on-demand", map));
  }

  /** A collection now; errors as in `read`. */
  async collect(): Promise<Collection> {
    const { helper, record } = this.#deps;
    if (helper?.reports) throw heapscopeError("helper-no-request", { board: record.id, what: "collection" });
    return this.#onDemand(() => this.#collect());
  }

  /** Which modules the board has loaded; errors as in `read`, and `helper-no-request`. */
  async listModules(): Promise<ModulesSeen> {
    const { helper, record } = this.#deps;
    if (helper?.reports)
      throw heapscopeError("helper-no-request", { board: record.id, what: "list of its modules" });
    const modules = await this.#onDemand(() => this.#probe.modules());
    const seen = { at: record.now(), modules };
    record.noteModules(seen);
    return seen;
  }

  /** Reads nothing from now on until `goOn()`. Resolves when the running exchange has ended, or after `patienceMs`. */
  async pause(patienceMs: number): Promise<{ readonly quiet: boolean }> {
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
    await this.#gate.quiet(patienceMs);
    return { quiet: !this.#gate.isBusy };
  }

  /** Ends a pause: the next reading is due at once. */
  goOn(): void {
    // Somebody else was at the board: what runs there, or restarted, is theirs.
    this.#access.askGently();
    this.#deps.licence.setGoing();
    this.#sampler.holdUntil(this.#deps.clock.monotonicMs());
    this.#retry.reset();
    this.#pause?.end();
    this.#pause = null;
    this.#wait.abort();
  }

  /** Asks a board at once that had not answered, or that was listened to. */
  tryAgain(): void {
    this.#deps.helper?.tryAgain();
    this.#sampler.hasten(this.#deps.clock.monotonicMs());
    this.#wait.abort();
  }

  /** Waits for a running exchange, then sets a program going again that was stopped. Gives up after `patienceMs`; never throws. */
  async finish(patienceMs: number): Promise<void> {
    await this.#gate.quiet(patienceMs);
    if (!this.#gate.isBusy) await this.#access.finish();
  }

  /** Its helper has reported. */
  reported(): void {
    if (!this.#pause) this.#deps.helper?.show();
    this.#wait.abort();
  }

  /** The helper tells that it has started anew: so has the board. */
  helperRestarted(): void {
    const { licence, record, clock } = this.#deps;
    licence.restarted(clock.monotonicMs());
    record.noteRestart(clock.monotonicMs());
  }

  /** The board said something while nothing was asked. */
  heard(sign: Sign): void {
    const { session, record, licence, clock, helper } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (sign === "restarted") helper?.restarted();
    if (sign === "prompt" && !session.atPrompt) this.#access.askGently();
    if (sign === "restarted") {
      licence.restarted(nowMs);
      record.noteRestart(nowMs);
      this.#trustsPrompt = true;
    } else if (this.#trustsPrompt && record.isNotAnswering) {
      this.#trustsPrompt = false;
      this.#sampler.hasten(nowMs + AFTER_SIGN_MS);
      this.#wait.abort();
    }
  }

  /** Waits while the board's helper reports, or may do so; false: it may be asked. */
  async #leaveAlone(): Promise<boolean> {
    const { helper, record, clock, session } = this.#deps;
    const restMs = helper?.leaveAloneMs() ?? 0;
    if (!helper || restMs === 0) {
      if (!this.#wasLeftAlone) return false;
      this.#wasLeftAlone = false;
      const nowMs = clock.monotonicMs();
      this.#sampler.holdUntil(nowMs);
      this.#sampler.hasten(nowMs);
      record.setState("connecting", "Its helper does not report. Looking for the prompt.");
      return false;
    }
    this.#wasLeftAlone = true;
    // A board that was asked before its helper reported is left at its friendly prompt.
    await session.leave().catch(() => {});
    if (this.#pause) return true;
    helper.show();
    this.#wait = new AbortController();
    await sleep(clock, Math.min(restMs, FOREVER_MS), this.#wait.signal).catch(() => {});
    return true;
  }

  #mustNotReport(): void {
    const { helper, record } = this.#deps;
    if (helper?.reports || helper?.isUnreadable)
      throw heapscopeError("board-not-ready", { board: record.id, state: "its helper reports." });
  }

  async #periodic(what: Due, signal: AbortSignal): Promise<void> {
    const { session, clock, record } = this.#deps;
    try {
      await this.#exchange<Reading | Collection>(() =>
        what === "collect" ? this.#collect() : this.#read("periodic", what === "read-map"),
      );
    } catch (error) {
      if (signal.aborted || session.gone.aborted) throw error;
      // Asked in vain, as its helper has begun to report: nothing is missed.
      if (this.#deps.helper?.isLive || this.#deps.helper?.isUnreadable) return;
      this.#failed(what, asHeapscopeError(error));
      if (record.doing === "foreign") this.#sampler.holdUntil(Number.POSITIVE_INFINITY);
      else if (record.isNotAnswering) this.#sampler.holdUntil(clock.monotonicMs() + this.#retry.next());
    }
  }

  /** One exchange at the board's prompt. What it says of the board's state is noted when it succeeds. */
  async #exchange<Result>(act: () => Promise<Result>): Promise<Result> {
    const { session, record, licence } = this.#deps;
    const result = await this.#gate.occupy(() =>
      this.#access.use(async () => {
        await this.#identify();
        return act();
      }),
    );
    this.#failuresInARow = 0;
    this.#trustsPrompt = true;
    this.#retry.reset();
    if (this.#pause || this.#deps.helper?.isLive || this.#deps.helper?.isUnreadable) return result;
    const kind = session.prompt === "aiorepl" ? "aiorepl" : "ready";
    record.setState(kind, readyMessage(session.prompt, licence, this.#access));
    return result;
  }

  #failed(what: Due, { code, message }: HeapscopeError): void {
    const { record, licence, clock, certain } = this.#deps;
    record.miss(what === "collect" ? "before-collect" : "periodic", code, message);
    if (code === "heap-exhausted") {
      // It does answer, and this is the time to go on looking.
      record.setState("ready", message);
      return;
    }
    this.#failuresInARow++;
    if (code === "board-reset") {
      licence.restarted(clock.monotonicMs());
      record.noteRestart(clock.monotonicMs());
    }
    const tooMany = this.#failuresInARow >= FAILURES_UNTIL_UNRESPONSIVE;
    const isMicroPython = certain || record.wasIdentified;
    const state = stateAfter(code, isMicroPython) ?? (tooMany ? "unresponsive" : null);
    const isHeld = state === "busy" && code !== "prompt-unfinished";
    if (state) record.setState(state, isHeld ? busyMessage(message, isMicroPython, licence) : message);
  }

  /** The board's facts and id are known after this; asked once per connection. */
  async #identify(): Promise<void> {
    if (this.#reader) return;
    const { record, sink, clock } = this.#deps;
    record.identified(await this.#probe.identify());
    record.measuredGarbage(await measureProbeGarbage(this.#probe));
    this.#reader = new BoardReader(this.#probe, sink, clock, record.id, ({ code, message }) => {
      record.noteDiscarded(code, message);
    });
  }

  async #read(phase: ReadingPhase, map: boolean): Promise<Reading> {
    const reading = await this.#readerNow().read(phase, map);
    this.#note(reading);
    return reading;
  }

  async #collect(): Promise<Collection> {
    const { before, after, collection } = await this.#readerNow().collect();
    this.#note(before);
    this.#note(after);
    this.#deps.record.noteCollection();
    return collection;
  }

  #readerNow(): BoardReader {
    if (!this.#reader) throw new Error("a board is identified before it is read");
    return this.#reader;
  }

  #note(reading: Reading): void {
    this.#deps.record.noteReading(reading);
    this.#sampler.note(reading, reading.durationMs ?? 0, this.#deps.clock.monotonicMs());
  }

  async #onDemand<Result>(act: () => Promise<Result>): Promise<Result> {
    const { record } = this.#deps;
    const { id, state } = record;
    if (!this.#reader || this.#pause || record.isNotAnswering) {
      throw heapscopeError("board-not-ready", { board: id, state: state.message });
    }
    // No await where it is free: another request could slip in between.
    if (this.#gate.isBusy) await this.#gate.quiet(ON_DEMAND_PATIENCE_MS);
    if (this.#gate.isBusy) throw heapscopeError("board-occupied", { board: id });
    return this.#exchange(act);
  }

  #missOverlap(): void {
    this.#deps.record.miss(
      "periodic",
      "overlap",
      "Another exchange with the board was still running when it fell due.",
    );
  }
}
