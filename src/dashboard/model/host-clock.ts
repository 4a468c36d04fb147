/**
 * What time it is on the daemon's machine. All times on the page were stamped there, so ages are reckoned by its clock, whatever
 * the viewer's says.
 *
 * Every answer's Date header (RFC 9110 section 6.6.1, whole seconds) says between which bounds the difference lies; bounds of
 * several answers narrow each other.
 */
export class HostClock {
  #lowMs = Number.NEGATIVE_INFINITY;
  #highMs = Number.POSITIVE_INFINITY;
  readonly #viewerNowMs: () => number;

  /** `viewerNowMs`: ms since the epoch by the viewer's clock. */
  constructor(viewerNowMs: () => number = () => Date.now()) {
    this.#viewerNowMs = viewerNowMs;
  }

  /** Host minus viewer, ms; 0 as long as it may be 0. */
  get offsetMs(): number {
    if (this.#lowMs <= 0 && this.#highMs >= 0) return 0;
    return (this.#lowMs + this.#highMs) / 2;
  }

  nowMs(): number {
    return this.#viewerNowMs() + this.offsetMs;
  }

  /** An answer came with this Date header; the request was sent at `sentMs` by the viewer's clock. */
  note(dateHeader: string | null, sentMs: number): void {
    const dateMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
    if (Number.isNaN(dateMs)) return;
    const lowMs = dateMs - this.#viewerNowMs();
    const highMs = dateMs + 1000 - sentMs;
    if (lowMs > highMs) return;
    const isSet = lowMs > this.#highMs || highMs < this.#lowMs;
    // Bounds that exclude the old ones: one of the clocks was set.
    this.#lowMs = isSet ? lowMs : Math.max(lowMs, this.#lowMs);
    this.#highMs = isSet ? highMs : Math.min(highMs, this.#highMs);
  }
}
