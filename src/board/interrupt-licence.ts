import type { WhenBusy } from "./when-busy.ts";

/**
 * The longest a watchdog takes, about: 8.4 s on an RP2040, 32 s on an STM32, as set on an ESP32. A restart this soon after
 * an interrupt is laid to one.
 */
const WATCHDOG_MS = 60_000;

/**
 * Whether a board's program may be interrupted: by policy, and as long as no watchdog seems to answer with a reset.
 * Outlives a connection, because such a reset often ends it. Times are monotonic ms.
 */
export class InterruptLicence {
  readonly policy: WhenBusy;
  readonly #readIntervalMs: number;
  /** When the program was stopped that has not been set going again. */
  #stoppedMs: number | null = null;
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

  /** The program is being stopped. */
  stopped(nowMs: number): void {
    this.#stoppedMs = nowMs;
  }

  /** It runs again, by our doing: what happens from here on is its own business. */
  setGoing(): void {
    this.#stoppedMs = null;
  }

  /** The board restarted by itself, or its prompt is gone, which tells the same. Seen a reading late at most. */
  restarted(nowMs: number): void {
    if (this.#stoppedMs === null) return;
    const afterMs = nowMs - this.#stoppedMs;
    if (afterMs <= Math.max(WATCHDOG_MS, 1.5 * this.#readIntervalMs)) this.#watchdogAfterMs = afterMs;
    this.#stoppedMs = null;
  }

  /** Somebody wants it tried again. */
  renew(): void {
    this.#stoppedMs = null;
    this.#watchdogAfterMs = null;
  }
}
