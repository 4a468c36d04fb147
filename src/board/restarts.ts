/** So many restarts within so long make a reboot loop. */
const LOOP_RESTARTS = 3;
const LOOP_WITHIN_MS = 60_000;

/** Counts how often a board restarted without being asked to. Times are monotonic ms. */
export class Restarts {
  #total = 0;
  /** The newest ones, no more than make a loop. */
  #recentMs: readonly number[] = [];

  /** Since heapscope started. */
  get total(): number {
    return this.#total;
  }

  note(nowMs: number): void {
    this.#total++;
    this.#recentMs = [...this.#recentMs, nowMs].slice(-LOOP_RESTARTS);
  }

  /** Whether it restarts again and again. Ends by itself after a quiet minute. */
  isLoop(nowMs: number): boolean {
    const first = this.#recentMs.at(0);
    const last = this.#recentMs.at(-1);
    if (first === undefined || last === undefined || this.#recentMs.length < LOOP_RESTARTS) return false;
    return last - first <= LOOP_WITHIN_MS && nowMs - last <= LOOP_WITHIN_MS;
  }
}
