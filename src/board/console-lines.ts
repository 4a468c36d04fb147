/** When something came. */
export interface Moment {
  /** UTC, ms since the epoch. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** A longer line is cut: a board may never end one. Bytes. */
export const longestLineBytes = 512;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Splits a stream of bytes into lines, without their ends; empty ones are left out. */
export class LineSplitter {
  readonly #onLine: (line: Uint8Array, began: Moment) => void;
  readonly #open = new Uint8Array(longestLineBytes);
  #openBytes = 0;
  #began: Moment = { wallMs: 0, monotonicMs: 0 };

  /** `onLine` gets a view of bytes that are used again: it must not keep it. `began`: when the line's first byte came. */
  constructor(onLine: (line: Uint8Array, began: Moment) => void) {
    this.#onLine = onLine;
  }

  /** When the line began that has not ended yet; null: there is none. */
  get openSince(): Moment | null {
    return this.#openBytes === 0 ? null : this.#began;
  }

  push(bytes: Uint8Array, now: Moment): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      if (end === -1) break;
      if (this.#openBytes === 0 && end - from <= longestLineBytes) {
        this.#tell(bytes.subarray(from, end), now);
      } else {
        this.#add(bytes.subarray(from, end), now);
        this.flush();
      }
      from = end + 1;
    }
    this.#add(bytes.subarray(from), now);
  }

  /** Gives out a line that has not ended; what comes is another one. */
  flush(): void {
    const bytes = this.#openBytes;
    this.#openBytes = 0;
    this.#tell(this.#open.subarray(0, bytes), this.#began);
  }

  #add(bytes: Uint8Array, now: Moment): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#openBytes === 0) this.#began = now;
      const piece = bytes.subarray(from, from + longestLineBytes - this.#openBytes);
      this.#open.set(piece, this.#openBytes);
      this.#openBytes += piece.length;
      from += piece.length;
      if (this.#openBytes === longestLineBytes) this.#cut(now);
    }
  }

  /** Between characters. */
  #cut(now: Moment): void {
    const end = wholeCharacters(this.#open);
    this.#tell(this.#open.subarray(0, end), this.#began);
    this.#open.copyWithin(0, end);
    this.#openBytes = longestLineBytes - end;
    this.#began = now;
  }

  #tell(line: Uint8Array, began: Moment): void {
    const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    if (end > 0) this.#onLine(line.subarray(0, end), began);
  }
}

/** How many of the bytes are whole characters of UTF-8; all of them where the last ones are no UTF-8 anyway. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back) ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const characterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return characterBytes > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
