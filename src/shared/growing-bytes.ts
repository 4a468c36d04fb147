/** Released after a take, where it has grown larger than this. */
const KEPT_BYTES = 64 * 1024;

/** Bytes that come in pieces of any size, in one buffer that doubles: many small pieces cost no object each. */
export class GrowingBytes {
  #buffer = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }

  /** A copy of all of them; empty afterwards. */
  take(): Uint8Array {
    const whole = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = new Uint8Array(1024);
    return whole;
  }
}
