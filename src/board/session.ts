import { RawRepl } from "../protocol/raw-repl.ts";
import {
  type Answer,
  type Deadlines,
  defaultRawReplLimits,
  type Effect,
  type RawReplLimits,
  type TimerName,
} from "../protocol/raw-repl-effects.ts";
import { bytesOf } from "../shared/bytes.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { Port } from "../transport/port.ts";
import { sessionError } from "./session-errors.ts";

/** One program run on the board, timed and counted. */
export interface Exchange extends Answer {
  /** From the request to the end of the answer, ms, host clock. */
  readonly durationMs: number;
  /** Both directions. */
  readonly wireBytes: number;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly limits?: RawReplLimits;
  /** Bytes that belong to no answer. */
  readonly onUnsolicited?: (bytes: Uint8Array) => void;
}

/**
 * How long a board may take to show its raw prompt. A board at its prompt needs a few ms, but QEMU looks only once a
 * second whether its pseudo-terminal has been opened.
 */
const ENTER: Deadlines = { silenceMs: 1_500, deadlineMs: 3_000 };
const LEAVE: Deadlines = { silenceMs: 300, deadlineMs: 600 };

interface Pending {
  readonly settle: (effect: Effect) => void;
  readonly reject: (error: HeapscopeError) => void;
}

/** Drives the raw REPL machine over an open port: writes what it says, keeps its timers. One request at a time. */
export class Session {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #repl: RawRepl;
  readonly #onUnsolicited: (bytes: Uint8Array) => void;
  readonly #timers = new Map<TimerName, CancelTimer>();
  #pending: Pending | null = null;
  #wireBytes = 0;
  readonly #goneController = new AbortController();

  constructor(port: Port, options: SessionOptions) {
    this.#port = port;
    this.#clock = options.clock;
    this.#repl = new RawRepl(options.limits ?? defaultRawReplLimits);
    this.#onUnsolicited = options.onUnsolicited ?? (() => {});
    port.listen((bytes) => {
      this.#wireBytes += bytes.length;
      this.#perform(this.#repl.receive(bytes));
    });
    void port.closed.then((reason) => {
      const error = heapscopeError("port-vanished", {
        port: port.url,
        reason: reason.kind === "vanished" ? reason.reason : "heapscope closed it",
      });
      this.#stopTimers();
      this.#take()?.reject(error);
      this.#goneController.abort(error);
    });
  }

  /** Aborts with `port-vanished` when the port is closed from either side. */
  get gone(): AbortSignal {
    return this.#goneController.signal;
  }

  /**
   * Runs `source` in raw mode and returns what it printed; enters raw mode first where needed. An exception on the
   * board is part of the answer, not an error. Throws no-prompt, not-micropython, answer-silent, answer-late,
   * answer-too-long, board-reset or port-vanished.
   */
  async run(source: string, deadlines: Deadlines): Promise<Exchange> {
    if (this.#repl.state !== "ready") await this.#request(() => this.#repl.enter(ENTER));
    const startedMs = this.#clock.monotonicMs();
    const wireBytesBefore = this.#wireBytes;
    const effect = await this.#request(() => this.#repl.run(bytesOf(source), deadlines));
    if (effect.kind !== "answered") throw heapscopeError("board-reset", { port: this.#port.url });
    return {
      ...effect.answer,
      durationMs: this.#clock.monotonicMs() - startedMs,
      wireBytes: this.#wireBytes - wireBytesBefore,
    };
  }

  /** Back to the friendly prompt, then closes the port. Never throws; twice does no harm. */
  async close(): Promise<void> {
    const abandoned = this.#take();
    try {
      if (this.#repl.state === "ready") await this.#request(() => this.#repl.leave(LEAVE));
      else await this.#writeAll(this.#repl.abandon());
    } catch {
      // The port is gone: there is no prompt to restore.
    }
    abandoned?.reject(
      heapscopeError("port-vanished", { port: this.#port.url, reason: "heapscope closed it" }),
    );
    this.#stopTimers();
    await this.#port.close();
  }

  async #writeAll(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) if (effect.kind === "write") await this.#port.write(effect.bytes);
  }

  #request(start: () => readonly Effect[]): Promise<Effect> {
    if (this.gone.aborted) return Promise.reject(this.gone.reason);
    return new Promise((resolve, reject) => {
      this.#pending = { settle: resolve, reject };
      this.#perform(start());
    });
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#performOne(effect);
  }

  #performOne(effect: Effect): void {
    switch (effect.kind) {
      case "write":
        this.#wireBytes += effect.bytes.length;
        // A failed write means a dying port, which `port.closed` reports with its reason.
        this.#port.write(effect.bytes).catch(() => {});
        return;
      case "start-timer":
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#clock.after(effect.delayMs, () => this.#perform(this.#repl.timerFired(effect.timer))),
        );
        return;
      case "stop-timer":
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      case "unsolicited":
        this.#onUnsolicited(effect.bytes);
        return;
      case "failed":
        this.#take()?.reject(sessionError(this.#port.url, effect.failure));
        return;
      case "entered":
      case "answered":
      case "left":
      case "restarted":
        this.#take()?.settle(effect);
        return;
    }
  }

  #take(): Pending | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }

  #stopTimers(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
