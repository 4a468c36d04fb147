import { type Clock, sleep } from "../shared/clock.ts";

/** Lets one exchange with a board run at a time. Nothing queues: a second one waits for a moment or is turned away. */
export class ExchangeGate {
  readonly #clock: Clock;
  #running: Promise<void> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  /** Runs `act`; the gate is busy until it has ended. */
  async occupy<Result>(act: () => Promise<Result>): Promise<Result> {
    let ended = (): void => {};
    this.#running = new Promise((resolve) => {
      ended = resolve;
    });
    try {
      return await act();
    } finally {
      this.#running = null;
      ended();
    }
  }

  /** Resolves when the running exchange has ended, at once where there is none, else after `patienceMs`. */
  async quiet(patienceMs: number): Promise<void> {
    if (this.#running) await orPatience(this.#running, patienceMs, this.#clock);
  }
}

/** Resolves when `work` has, or after `patienceMs`; leaves no timer behind. */
export async function orPatience(work: Promise<void>, patienceMs: number, clock: Clock): Promise<void> {
  const ended = new AbortController();
  await Promise.race([work, sleep(clock, patienceMs, ended.signal).catch(() => {})]);
  ended.abort();
}
