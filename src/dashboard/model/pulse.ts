import { type CancelTimer, type Clock, systemClock } from "../../shared/clock.ts";

/** Tells listeners that something happened: at once, then not again before `restMs` are over, and then once for all that came. */
export class Pulse {
  readonly #restMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #clock: Clock;
  #cancelRest: CancelTimer | null = null;
  #isDue = false;

  constructor(restMs: number, clock: Clock = systemClock) {
    this.#restMs = restMs;
    this.#clock = clock;
  }

  beat(): void {
    if (this.#cancelRest !== null) {
      this.#isDue = true;
      return;
    }
    this.#tell();
    if (this.#restMs > 0) this.#cancelRest = this.#clock.after(this.#restMs, () => this.#rested());
  }

  /** Tells at once, also within the rest, which begins anew. */
  beatNow(): void {
    this.#cancelRest?.();
    this.#cancelRest = null;
    this.#isDue = false;
    this.beat();
  }

  /** Returns how to listen no more. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#cancelRest?.();
    this.#cancelRest = null;
    this.#listeners.clear();
  }

  #rested(): void {
    this.#cancelRest = null;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.beat();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
