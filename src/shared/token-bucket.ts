import type { Clock } from "./clock.ts";

export interface TokenBucketLimits {
  /** So many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Counts what comes: `burst` at once, and `perSecond` on average over a longer time. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #limits: TokenBucketLimits;
  #tokens: number;
  #filledMs: number;

  constructor(clock: Clock, limits: TokenBucketLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#filledMs = clock.monotonicMs();
  }

  /** Takes one; false where it is too many. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const grown = ((nowMs - this.#filledMs) / 1000) * this.#limits.perSecond;
    this.#filledMs = nowMs;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + grown);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
