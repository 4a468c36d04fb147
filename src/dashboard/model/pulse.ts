/** Tells listeners that something happened: at once, then not again before `restMs` are over, and then once for all that came. */
export class Pulse {
  readonly #restMs: number;
  readonly #listeners = new Set<() => void>();
  #rest: ReturnType<typeof setTimeout> | null = null;
  #isDue = false;

  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  beat(): void {
    if (this.#rest !== null) {
      this.#isDue = true;
      return;
    }
    this.#tell();
    if (this.#restMs > 0) this.#rest = setTimeout(() => this.#rested(), this.#restMs);
  }

  /** Returns how to listen no more. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    this.#listeners.clear();
  }

  #rested(): void {
    this.#rest = null;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.beat();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
