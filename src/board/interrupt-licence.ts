import type { WhenBusy } from "./when-busy.ts";

/**
 * The longest a watchdog takes, about: 8.4 s on an RP2040, 32 s on an STM32, as set on an ESP32. A restart this soon after
 * an interrupt is laid to one.
 */
const WATCHDOG_MS = 60_000;
/**
 * Where the program is stopped for the length of an exchange only, one restart in it is more likely the board's own, or a
 * stall that looks like one; not two in a row.
 */
const RESTARTS_UNTIL_SUSPECTED = { skip: 1, interrupt: 1, restart: 2, resume: 2 } as const;

/**
 * Whether a board's program may be interrupted: by policy, and as long as no watchdog seems to answer with a reset.
 * Outlives a connection, because such a reset often ends it. Times are monotonic ms.
 */
export class InterruptLicence {
  readonly policy: WhenBusy;
  readonly #readIntervalMs: number;
  /** When the program was stopped that has not been set going again. */
  #stoppedMs: number | null = null;
  /** The same, also where the board seems to have restarted since. */
  #lastStoppedMs: number | null = null;
  /** Each while the program was stopped. */
  #restartsInARow = 0;
  #watchdogAfterMs: number | null = null;

  constructor(policy: WhenBusy, readIntervalMs: number) {
    this.policy = policy;
    this.#readIntervalMs = readIntervalMs;
  }

  get mayInterrupt(): boolean {
    return this.policy !== "skip" && this.#watchdogAfterMs === null;
  }

  /** How soon after an interrupt the board restarted, ms; null = no watchdog is suspected. */
  get watchdogAfterMs(): number | null {
    return this.#watchdogAfterMs;
  }

  /** A program was stopped, and nobody has set it going since, as far as is known. */
  get hasStoppedProgram(): boolean {
    return this.#stoppedMs !== null;
  }

  /** The program is being stopped. */
  stopped(nowMs: number): void {
    this.#stoppedMs = this.#lastStoppedMs = nowMs;
  }

  /** It runs again, by our doing: what happens from here on is its own business. */
  setGoing(): void {
    this.#stoppedMs = this.#lastStoppedMs = null;
    this.#restartsInARow = 0;
  }

  /** It answered at its prompt without an interrupt. Where it had only been silent, it was no restart that took its prompt. */
  stillStopped(): void {
    if (this.policy !== "interrupt") return;
    this.#stoppedMs = this.#lastStoppedMs;
    this.#restartsInARow = 0;
    this.#watchdogAfterMs = null;
  }

  /** The board restarted by itself, or its prompt is gone, which tells the same. Seen a reading late at most. */
  restarted(nowMs: number): void {
    if (this.#stoppedMs === null) return;
    const afterMs = nowMs - this.#stoppedMs;
    this.#stoppedMs = null;
    if (afterMs > Math.max(WATCHDOG_MS, 1.5 * this.#readIntervalMs)) return;
    this.#restartsInARow++;
    if (this.#restartsInARow >= RESTARTS_UNTIL_SUSPECTED[this.policy]) this.#watchdogAfterMs = afterMs;
  }

  /** Somebody wants it tried again. */
  renew(): void {
    this.#stoppedMs = this.#lastStoppedMs = null;
    this.#restartsInARow = 0;
    this.#watchdogAfterMs = null;
  }
}
