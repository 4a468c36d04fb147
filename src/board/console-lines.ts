import { ReadlineParser } from "@serialport/parser-readline";

/** When something came. */
export interface Moment {
  /** UTC, ms since the epoch. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * A longer line is cut: a board may never end one, and ReadlineParser keeps a line until it ends, joining it anew with every chunk.
 * Bytes; a character of UTF-8 that crosses the border stays whole, which takes up to three more.
 */
export const longestLineBytes = 512;
const mostCharacterBytes = 4;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const lineEnd = Buffer.of(NEWLINE);

/** Splits a stream of bytes into lines, without their ends; empty ones are left out. */
export class LineSplitter {
  readonly #onLine: (line: Uint8Array, began: Moment) => void;
  /** One character per byte: what the bytes mean is for who gets the line. */
  readonly #parser = new ReadlineParser({ delimiter: "\n", encoding: "latin1" });
  /** Of the line that has not ended. */
  #openBytes = 0;
  #began: Moment = { wallMs: 0, monotonicMs: 0 };
  #now = this.#began;

  /** `began`: when the line's first byte came. Called within `push` and `flush`. */
  constructor(onLine: (line: Uint8Array, began: Moment) => void) {
    this.#onLine = onLine;
    this.#parser.on("data", (line: string) => this.#tell(Buffer.from(line, "latin1")));
    // A stream that was read once gives out what is written at once; a new one waits for the next turn.
    this.#parser.read(0);
  }

  /** When the line began that has not ended yet; null: there is none. */
  get openSince(): Moment | null {
    return this.#openBytes === 0 ? null : this.#began;
  }

  push(bytes: Uint8Array, now: Moment): void {
    this.#now = now;
    if (this.#openBytes === 0) this.#began = now;
    let written = 0;
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline === -1 ? bytes.length : newline;
      const cut = this.#cutOf(bytes, from, end);
      if (cut < end) {
        this.#write(bytes.subarray(written, cut));
        this.#write(lineEnd);
        written = cut;
        this.#openBytes = 0;
        from = cut;
      } else {
        this.#openBytes = newline === -1 ? this.#openBytes + end - from : 0;
        from = end + 1;
      }
    }
    this.#write(bytes.subarray(written));
  }

  /** Gives out a line that has not ended; what comes is another one. */
  flush(): void {
    if (this.#openBytes === 0) return;
    this.#openBytes = 0;
    this.#write(lineEnd);
  }

  /** Where the open line must be cut that goes on with the bytes from `from` to `end`; `end`: nowhere. Chunk borders change nothing. */
  #cutOf(bytes: Uint8Array, from: number, end: number): number {
    const most = from + longestLineBytes + mostCharacterBytes - 1 - this.#openBytes;
    let cut = from + Math.max(0, longestLineBytes - this.#openBytes);
    while (cut < end && cut < most && isContinuation(bytes[cut])) cut++;
    return Math.min(cut, end);
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#parser.write(Buffer.from(bytes));
  }

  #tell(bytes: Uint8Array): void {
    const began = this.#began;
    this.#began = this.#now;
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (end > 0) this.#onLine(bytes.subarray(0, end), began);
  }
}

/** Not the first byte of a character of UTF-8. */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
