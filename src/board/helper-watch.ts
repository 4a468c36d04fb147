import type { Reading } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { BoardRecord } from "./board-record.ts";
import type { BoardSink } from "./board-sink.ts";
import type { ConsoleSource } from "./console-text.ts";
import { HelperListener } from "./helper-listener.ts";
import type { HelperMemory } from "./helper-memory.ts";
import {
  atWillMessage,
  helperMessage,
  helperSilentText,
  helperVersionText,
  listeningMessage,
  onlyMessage,
} from "./helper-messages.ts";
import type { HelperSettings } from "./helper-mode.ts";

export interface HelperWatchDeps {
  readonly settings: HelperSettings;
  readonly memory: HelperMemory;
  readonly record: BoardRecord;
  readonly sink: BoardSink;
  readonly clock: Clock;
  /** To the board. Rejects with port-vanished. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Aborts when the connection is over. */
  readonly gone: () => AbortSignal;
  /** What the application printed itself. */
  readonly onText: (bytes: Uint8Array, source: ConsoleSource) => void;
  /** A report came: whether the board may be asked is another question now. */
  readonly onFrame: () => void;
  readonly onRestart: () => void;
}

/** So many of its intervals a helper that is known has to report again. */
const LISTEN_INTERVALS = 2.5;
/** With `only`: how long nothing may come before that is a matter to look into, ms. */
const ONLY_PATIENCE_MS = 65_000;
/** Until a request for a map is answered, ms, unless the answer has begun. */
const ANSWER_MS = 10_000;
const LONGEST_ANSWER_MS = 60_000;
const LOOK_MS = 500;
const FOREVER_MS = Number.POSITIVE_INFINITY;

/** One connection to a board, as far as its helper is concerned: what it reports, and whether the board may be asked besides. */
export class HelperWatch {
  readonly #deps: HelperWatchDeps;
  readonly #listener: HelperListener;
  readonly #startedMs: number;
  /** Before that, the board is not asked: a helper that is known may report. */
  #listenUntilMs: number | null;
  #wasLive = false;
  #isRequesting = false;
  #source: ConsoleSource = "board";

  constructor(deps: HelperWatchDeps) {
    const { memory, settings, clock, onText, onFrame } = deps;
    this.#deps = deps;
    this.#startedMs = clock.monotonicMs();
    const { intervalMs } = memory;
    this.#listenUntilMs =
      intervalMs === null || settings.mode === "only"
        ? null
        : this.#startedMs + LISTEN_INTERVALS * intervalMs;
    this.#listener = new HelperListener({
      ...deps,
      onText: (bytes) => onText(bytes, this.#source),
      onFrame: () => {
        this.#wasLive ||= this.#listener.isLive;
        onFrame();
      },
    });
  }

  /** Its reports come. */
  get isLive(): boolean {
    return this.#listener.isLive;
  }

  /** Nothing is written to the board but what somebody asks for. */
  get reports(): boolean {
    return this.isLive || this.#deps.settings.mode === "only";
  }

  /** Reports come that nobody here can read: the board is left alone as well. */
  get isUnreadable(): boolean {
    return this.#listener.unreadable !== null;
  }

  /** What the board printed beside its answers. */
  push(bytes: Uint8Array, source: ConsoleSource): void {
    this.#source = source;
    this.#listener.push(bytes);
  }

  /** The board says that it restarts. */
  restarted(): void {
    this.#listener.restarted();
  }

  /** Somebody wants the board asked that is only listened to. */
  tryAgain(): void {
    this.#listenUntilMs = null;
  }

  /** The connection is over. */
  end(): void {
    this.#listener.ended();
    this.#deps.record.reportsEvery(null);
  }

  /** How long the board is left alone from now on, ms. 0: it may be asked. */
  leaveAloneMs(): number {
    const { clock, settings, memory } = this.#deps;
    const nowMs = clock.monotonicMs();
    const untilMs = this.#listener.liveUntilMs;
    if (untilMs !== null && nowMs < untilMs) {
      this.#listenUntilMs = null;
      return untilMs - nowMs;
    }
    if (this.#wasLive) this.#silent();
    const { unreadable } = this.#listener;
    if (unreadable) return unreadable.untilMs - nowMs;
    if (settings.mode === "only") return Math.max(0, this.#onlyUntilMs - nowMs) || FOREVER_MS;
    if (this.#listenUntilMs === null) return 0;
    if (nowMs < this.#listenUntilMs) return this.#listenUntilMs - nowMs;
    this.#listenUntilMs = null;
    memory.intervalMs = null;
    return 0;
  }

  /** Shows what a board is that is left alone. */
  show(): void {
    const { record, memory, clock } = this.#deps;
    const intervalMs = memory.intervalMs ?? 0;
    const { unreadable } = this.#listener;
    record.reportsEvery(this.isLive ? intervalMs : null);
    if (this.isLive) record.setState("helper", helperMessage(intervalMs, memory.sequence.twins));
    else if (unreadable) record.setState("unresponsive", helperVersionText(record.id, unreadable.version));
    else if (this.#listenUntilMs !== null) record.setState("connecting", listeningMessage(intervalMs));
    else if (this.#listener.hasReported) record.setState("helper", atWillMessage);
    else if (clock.monotonicMs() < this.#onlyUntilMs) record.setState("connecting", onlyMessage);
    else record.setState("unresponsive", onlyMessage);
  }

  /**
   * Asks the helper for a map, and gives the reading that it answers with. Throws helper-no-request, board-occupied,
   * helper-no-answer or port-vanished.
   */
  async requestMap(): Promise<Reading> {
    const { settings, record, write } = this.#deps;
    const board = record.id;
    if (settings.mode === "only" || settings.request === null)
      throw heapscopeError("helper-no-request", { board, what: "reading" });
    if (this.#isRequesting) throw heapscopeError("board-occupied", { board });
    this.#isRequesting = true;
    try {
      const answer = this.#answer();
      // Where it cannot be written, nobody waits for the answer.
      answer.catch(() => {});
      await write(Uint8Array.of(settings.request));
      return await answer;
    } finally {
      this.#isRequesting = false;
    }
  }

  /** With `only`: from then on it is strange that nothing comes. */
  get #onlyUntilMs(): number {
    return this.#startedMs + ONLY_PATIENCE_MS;
  }

  #answer(): Promise<Reading> {
    const { clock, record } = this.#deps;
    const gone = this.#deps.gone();
    const startedMs = clock.monotonicMs();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopTimer();
        stopWaiting();
        gone.removeEventListener("abort", lost);
      };
      const lost = (): void => {
        end();
        reject(gone.reason);
      };
      const look = (): void => {
        const waitedMs = clock.monotonicMs() - startedMs;
        if (this.#listener.isInFrame && waitedMs < LONGEST_ANSWER_MS) {
          stopTimer = clock.after(LOOK_MS, look);
          return;
        }
        end();
        reject(heapscopeError("helper-no-answer", { board: record.id, waitedMs: Math.round(waitedMs) }));
      };
      const stopWaiting = this.#listener.onNextMap((reading) => {
        end();
        resolve(reading);
      });
      let stopTimer = clock.after(ANSWER_MS, look);
      gone.addEventListener("abort", lost, { once: true });
    });
  }

  #silent(): void {
    const { record, memory } = this.#deps;
    this.#wasLive = false;
    this.#listener.ended();
    record.reportsEvery(null);
    const silentMs = 3 * (memory.intervalMs ?? 0) + 5_000;
    record.miss("periodic", "helper-silent", helperSilentText(record.id, silentMs));
  }
}
