import { utf8Text } from "../shared/bytes.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { LineSplitter, type Moment } from "./console-lines.ts";
import { type ConsoleSource, ReplWords, shownText } from "./console-text.ts";

export interface ConsoleLine {
  /** Rises by one from line to line, from 1. */
  readonly number: number;
  /** UTC, ISO 8601: when its first byte came. */
  readonly at: string;
  readonly text: string;
}

/** Without `after`: the newest `limit`. With it (a line's number): the first `limit` after that. */
export interface ConsoleQuery {
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Oldest first. */
export interface ConsolePage {
  readonly lines: readonly ConsoleLine[];
  /** Pass it as `after` to go on. */
  readonly next: number;
  /** Lines that made room for newer ones. */
  readonly dropped: number;
}

const MOST_LINES = 1000;
/** Of the lines as they came. */
const MOST_BYTES = 64 * 1024;
/** A line without an end is shown after so long, ms. */
const OPEN_MS = 1000;

interface Kept {
  readonly atMs: number;
  readonly text: string;
  readonly bytes: number;
}

/** What a board prints beside its answers, the newest of it, in memory. */
export class ConsoleLog {
  readonly #clock: Clock;
  readonly #onLine: ((text: string) => void) | null;
  readonly #splitter = new LineSplitter((line, began) => this.#take(line, began));
  readonly #words = new ReplWords();
  /** Line n is at n modulo its length. */
  readonly #kept: (Kept | undefined)[] = new Array(MOST_LINES);
  #last = 0;
  #dropped = 0;
  #bytes = 0;
  #source: ConsoleSource = "board";
  #cancelFlush: CancelTimer | null = null;

  /** `onLine` is told of each line as well. */
  constructor(clock: Clock, onLine: ((text: string) => void) | null = null) {
    this.#clock = clock;
    this.#onLine = onLine;
  }

  /** Bytes as the board printed them, in any cuts. They are not kept. */
  push(bytes: Uint8Array, source: ConsoleSource): void {
    if (source !== this.#source) this.#splitter.flush();
    this.#source = source;
    this.#splitter.push(bytes, { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() });
    if (this.#splitter.openSince !== null) this.#cancelFlush ??= this.#clock.after(OPEN_MS, this.#flushOld);
  }

  /** No more comes of this connection: what is open is a line, and no timer is left. */
  end(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#splitter.flush();
  }

  page({ after, limit }: ConsoleQuery): ConsolePage {
    const newest = this.#last;
    // A number that was not reached yet is from before a restart of the daemon: everything is news.
    const from = after === undefined ? newest - limit : after > newest ? 0 : after;
    const first = Math.max(from, this.#dropped) + 1;
    const lines: ConsoleLine[] = [];
    for (let number = first; number <= newest && lines.length < limit; number++) {
      const kept = this.#kept[number % MOST_LINES];
      if (kept) lines.push({ number, at: new Date(kept.atMs).toISOString(), text: kept.text });
    }
    return { lines, next: lines.at(-1)?.number ?? newest, dropped: this.#dropped };
  }

  readonly #flushOld = (): void => {
    this.#cancelFlush = null;
    const began = this.#splitter.openSince;
    if (began === null) return;
    const leftMs = began.monotonicMs + OPEN_MS - this.#clock.monotonicMs();
    if (leftMs > 0) this.#cancelFlush = this.#clock.after(leftMs, this.#flushOld);
    else this.#splitter.flush();
  };

  #take(line: Uint8Array, began: Moment): void {
    const text = this.#words.without(shownText(utf8Text(line)), this.#source);
    if (text === "") return;
    this.#onLine?.(text);
    if (this.#last - this.#dropped === MOST_LINES) this.#drop();
    this.#last++;
    this.#kept[this.#last % MOST_LINES] = { atMs: began.wallMs, text, bytes: line.length };
    this.#bytes += line.length;
    while (this.#bytes > MOST_BYTES) this.#drop();
  }

  #drop(): void {
    this.#dropped++;
    const index = this.#dropped % MOST_LINES;
    this.#bytes -= this.#kept[index]?.bytes ?? 0;
    this.#kept[index] = undefined;
  }
}
