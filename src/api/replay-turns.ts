/**
 * One page of a replay per turn of the event loop, first come, first served: however many clients resume at once, live events
 * and everything else go on in between.
 */
export class ReplayTurns {
  readonly #pages: (() => void)[] = [];

  /** Runs `page` in a later turn. It must not throw. */
  add(page: () => void): void {
    this.#pages.push(page);
    if (this.#pages.length === 1) setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#pages[0]?.();
    this.#pages.shift();
    if (this.#pages.length > 0) setImmediate(this.#next);
  };
}
