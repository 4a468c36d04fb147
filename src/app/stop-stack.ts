type Stop = () => void | Promise<void>;

/** What was started, so that it can be stopped in reverse order. Twice does no harm. */
export class StopStack {
  readonly #stops: Stop[] = [];

  /** `stop` ends what was just started. */
  push(stop: Stop): void {
    this.#stops.push(stop);
  }

  /** Stops everything, also what comes after a failure; then throws the first failure. */
  async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
