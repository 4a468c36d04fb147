import { RawRepl } from "../protocol/raw-repl.ts";
import {
  type Answer,
  type Approach,
  type Deadlines,
  defaultRawReplLimits,
  type Effect,
  type Parting,
  type Prompt,
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
  /**
   * Bytes that belong to no answer. `isDisturbed`: they came while a program was being stopped or raw mode left, so that prompts,
   * banners and the traceback of Ctrl-C among them are heapscope's doing.
   */
  readonly onUnsolicited?: (bytes: Uint8Array, isDisturbed: boolean) => void;
  /** Heard while nothing was asked. */
  readonly onSign?: (sign: Sign) => void;
}

/** `prompt`: the board shows one, whatever ran has ended. `restarted`: it says that it restarts. */
export type Sign = "prompt" | "restarted";

/** The port's bytes, past the machine, until `end()`. */
export interface Tap {
  /** The board stood at its prompt when the tap was opened, and stands at its friendly one now. */
  readonly atPrompt: boolean;
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
}

/**
 * How long a board may take to show its raw prompt. A board at its prompt needs a few ms, but QEMU looks only once a
 * second whether its pseudo-terminal has been opened.
 */
const ENTER: Deadlines = { silenceMs: 1_500, deadlineMs: 3_000 };
/** Three Ctrl-C a second apart, and then the same patience. */
const INTERRUPT: Deadlines = { silenceMs: 1_500, deadlineMs: 6_000 };
const LEAVE: Deadlines = { silenceMs: 300, deadlineMs: 600 };
const PART: Deadlines = { silenceMs: 500, deadlineMs: 2_000 };

interface Pending {
  readonly settle: (effect: Effect) => void;
  readonly reject: (error: HeapscopeError) => void;
  readonly approach: Approach;
  readonly disturbs: boolean;
}

/** Drives the raw REPL machine over an open port: writes what it says, keeps its timers. One request at a time. */
export class Session {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #repl: RawRepl;
  readonly #onUnsolicited: (bytes: Uint8Array, isDisturbed: boolean) => void;
  readonly #timers = new Map<TimerName, CancelTimer>();
  readonly #onSign: (sign: Sign) => void;
  #pending: Pending | null = null;
  #sharesPrompt = false;
  #hasAiorepl = false;
  #tap: ((bytes: Uint8Array) => void) | null = null;
  #wireBytes = 0;
  readonly #goneController = new AbortController();

  constructor(port: Port, options: SessionOptions) {
    this.#port = port;
    this.#clock = options.clock;
    this.#repl = new RawRepl(options.limits ?? defaultRawReplLimits);
    this.#onUnsolicited = options.onUnsolicited ?? (() => {});
    this.#onSign = options.onSign ?? (() => {});
    port.listen((bytes) => {
      if (this.#tap) return this.#tap(bytes);
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

  /** Whether the board stands at its raw prompt, as far as is known. */
  get atPrompt(): boolean {
    return this.#repl.state === "ready";
  }

  /** Who keeps the prompt: the REPL, or the application's aiorepl, which raw mode brings to a stand. */
  get prompt(): Prompt {
    return this.#sharesPrompt ? "aiorepl" : "repl";
  }

  /** The application has imported aiorepl, whoever keeps the prompt just now. */
  get hasAiorepl(): boolean {
    return this.#hasAiorepl;
  }

  /**
   * The application has aiorepl: leaves raw mode now and after each answer, until the REPL's own prompt is seen. Throws
   * port-vanished.
   */
  async sharePrompt(): Promise<void> {
    this.#sharesPrompt = this.#hasAiorepl = true;
    await this.leave();
  }

  /**
   * Gets to the raw prompt; `interrupt` stops what runs. Throws no-prompt, not-micropython, baud-rate-wrong,
   * interrupt-ignored or port-vanished.
   */
  async enter(approach: Approach): Promise<void> {
    await this.#request(() => this.#repl.enter(approach === "gentle" ? ENTER : INTERRUPT, approach), {
      approach,
      disturbs: approach === "interrupt",
    });
  }

  /**
   * Runs `source` in raw mode and returns what it printed; enters raw mode gently first where needed. An exception on the
   * board is part of the answer, not an error. Throws what `enter` does, answer-silent, answer-late, answer-too-long,
   * board-reset or port-vanished.
   */
  async run(source: string, deadlines: Deadlines): Promise<Exchange> {
    if (!this.atPrompt) await this.enter("gentle");
    const startedMs = this.#clock.monotonicMs();
    const wireBytesBefore = this.#wireBytes;
    const effect = await this.#request(() => this.#repl.run(bytesOf(source), deadlines));
    if (effect.kind !== "answered") throw heapscopeError("board-reset", { port: this.#port.url });
    const durationMs = this.#clock.monotonicMs() - startedMs;
    const wireBytes = this.#wireBytes - wireBytesBefore;
    if (this.#sharesPrompt) await this.leave();
    return { ...effect.answer, durationMs, wireBytes };
  }

  /**
   * From the raw prompt to the friendly one, and on with `parting`. Elsewhere it does nothing and says so with false. Throws
   * port-vanished.
   */
  async leave(parting: Parting | null = null): Promise<boolean> {
    if (!this.atPrompt) return false;
    await this.#request(() => this.#repl.leave(parting ? PART : LEAVE, parting), {
      approach: "gentle",
      disturbs: true,
    });
    return true;
  }

  /**
   * Leaves raw mode and hands the port to `onBytes` until `end()`. The board may be anywhere then, even reading somebody's
   * program: the next `run` asks for its prompt again. Throws port-vanished.
   */
  async lend(onBytes: (bytes: Uint8Array) => void): Promise<Tap> {
    const atPrompt = this.atPrompt || this.#sharesPrompt;
    // What an unanswered question left in the board's input is taken back: the program may end at this terminal.
    if (this.#repl.state === "lost") await this.#writeAll(this.#repl.abandon());
    else await this.leave();
    this.#tap = onBytes;
    return {
      atPrompt,
      write: (bytes) => this.#port.write(bytes),
      end: () => {
        if (this.#tap === null) return;
        this.#tap = null;
        // At an aiorepl prompt the end of a program would end the application.
        if (!this.#sharesPrompt) this.#repl.estranged();
      },
    };
  }

  /** Sends bytes for the program that runs. Throws port-vanished. */
  async type(bytes: Uint8Array): Promise<void> {
    await this.#port.write(bytes);
  }

  /**
   * Back to the friendly prompt, then closes the port. `quietly`: not even what is needed for that is written to a program that
   * runs. Never throws; twice does no harm.
   */
  async close({ quietly = false }: { readonly quietly?: boolean } = {}): Promise<void> {
    const abandoned = this.#take();
    try {
      if (quietly && !this.atPrompt) this.#repl.abandon();
      else if (this.atPrompt) await this.leave();
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

  #request(
    start: () => readonly Effect[],
    how: Pick<Pending, "approach" | "disturbs"> = { approach: "gentle", disturbs: false },
  ): Promise<Effect> {
    if (this.gone.aborted) return Promise.reject(this.gone.reason);
    return new Promise((resolve, reject) => {
      this.#pending = { ...how, settle: resolve, reject };
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
        this.#onUnsolicited(effect.bytes, this.#pending?.disturbs ?? false);
        return;
      case "prompt-seen":
        this.#onSign("prompt");
        return;
      case "failed": {
        const pending = this.#take();
        pending?.reject(sessionError(this.#port.url, effect.failure, pending.approach));
        return;
      }
      case "entered":
        if (effect.prompt === "aiorepl") this.#sharesPrompt = true;
        if (this.#pending) this.#take()?.settle(effect);
        else this.#onSign("prompt");
        return;
      case "left":
        if (effect.prompt !== null) this.#sharesPrompt = effect.prompt === "aiorepl";
        this.#take()?.settle(effect);
        return;
      case "restarted":
        this.#onSign("restarted");
        this.#take()?.settle(effect);
        return;
      case "answered":
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
