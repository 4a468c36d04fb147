import type { CancelTimer, Clock } from "../../src/shared/clock.ts";

/** A clock that runs `factor` times as fast as the machine's, so that a silence of 2 s costs the test a fraction of it. */
export class ScaledClock implements Clock {
  readonly #factor: number;
  readonly #startWallMs = Date.now();
  readonly #startMs = performance.now();
  readonly #pending = new Set<NodeJS.Timeout>();

  constructor(factor: number) {
    this.#factor = factor;
  }

  nowMs(): number {
    return this.#startWallMs + this.monotonicMs();
  }

  monotonicMs(): number {
    return (performance.now() - this.#startMs) * this.#factor;
  }

  after(delayMs: number, fire: () => void): CancelTimer {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      fire();
    }, Math.max(0, delayMs) / this.#factor);
    this.#pending.add(timer);
    return () => {
      clearTimeout(timer);
      this.#pending.delete(timer);
    };
  }

  /** Timers that have neither fired nor been stopped. */
  get pending(): number {
    return this.#pending.size;
  }
}
