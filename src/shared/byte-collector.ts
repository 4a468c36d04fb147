import { concatBytes } from "./bytes.ts";

/** Gathers chunks and joins them once, at the end. The owner checks `length` against its own limit. */
export class ByteCollector {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  whole(): Uint8Array {
    return concatBytes(this.#chunks);
  }
}
