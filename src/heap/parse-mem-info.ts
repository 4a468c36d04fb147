import { DumpAssembler } from "./dump-assembler.ts";
import { readLine } from "./line-grammar.ts";
import type { Finding } from "./mem-info-record.ts";

/** Bytes in a line without its end. A longer one is other text, whatever it says; no more of it is ever kept. */
export const longestLine = 4096;

const LF = 0x0a;
const CR = 0x0d;
const noBytes = new Uint8Array(0);

/**
 * Finds `mem_info` output in bytes that come piece by piece, with any text around it. The findings are the same
 * however the input is cut. Time is linear in the input; memory is one unfinished line (`longestLine`), and the
 * runs of one map (`mostRuns` words).
 *
 * A record is reported when something shows that it is over: its map is as large as the header says and another
 * line came, a prompt, the next record, `mostForeignLines` of other text, or `end()`.
 *
 * A map without header lines is a record too, when it has an address line and at least two offsets that agree: its
 * figures then come from the map, and only its offsets prove it whole.
 */
export class MemInfoParser {
  readonly #dumps = new DumpAssembler();
  /** The beginning of a line whose end has not come. */
  #rest = noBytes;
  #restLength = 0;
  /** The unfinished line is too long already: its end is awaited, nothing is kept. */
  #overlong = false;
  /** Bytes before the current chunk. */
  #before = 0;
  /** Where the current line starts, in the input. */
  #lineStart = 0;
  #lines = 0;
  #examined = 0;

  /** Bytes looked at or copied so far: at most a small multiple of the input, however it is cut. */
  get examinedBytes(): number {
    return this.#examined;
  }

  /** Takes the next bytes; returns what they completed. */
  push(chunk: Uint8Array): readonly Finding[] {
    let at = this.#restLength > 0 || this.#overlong ? this.#completeLine(chunk) : 0;
    if (at < chunk.length) {
      const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
      at = this.#wholeLines(chunk, view, at);
      if (at < chunk.length) this.#keep(chunk, at, chunk.length);
    }
    this.#before += chunk.length;
    return this.#dumps.takeFindings();
  }

  /** The input is over. The parser can be used for another one only by making a new one. */
  end(): readonly Finding[] {
    if (this.#overlong || this.#restLength > 0) {
      this.#line(this.#rest, 0, this.#restLength, this.#before);
      this.#restLength = 0;
      this.#overlong = false;
    }
    this.#dumps.end(this.#lines);
    return this.#dumps.takeFindings();
  }

  /** Every line that ends in the chunk. Returns where the unfinished one starts. */
  #wholeLines(chunk: Uint8Array, view: DataView, from: number): number {
    let at = from;
    for (;;) {
      const map = this.#dumps.openMap;
      if (map !== null) {
        const taken = map.takeFullLines(chunk, view, at);
        if (taken.lines > 0) {
          this.#examined += taken.end - at;
          this.#lines += taken.lines;
          at = taken.end;
          this.#lineStart = this.#before + at;
          this.#dumps.noteFullLines(this.#lines, this.#lineStart);
          continue;
        }
      }
      const lineEnd = lineEndAfter(chunk, at);
      if (lineEnd === -1) return at;
      this.#line(chunk, at, lineEnd, this.#before + lineEnd + 1);
      at = lineEnd + 1;
    }
  }

  /** Goes on with the unfinished line. Returns where the next one starts in the chunk. */
  #completeLine(chunk: Uint8Array): number {
    const lineEnd = chunk.indexOf(LF);
    this.#keep(chunk, 0, lineEnd === -1 ? chunk.length : lineEnd);
    if (lineEnd === -1) return chunk.length;
    this.#line(this.#rest, 0, this.#restLength, this.#before + lineEnd + 1);
    this.#restLength = 0;
    this.#overlong = false;
    return lineEnd + 1;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#restLength + to - from;
    this.#examined += to - from;
    // One more for the CR that is no part of the line.
    if (this.#overlong || length > longestLine + 1) {
      this.#overlong = true;
      this.#restLength = 0;
      return;
    }
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.min(Math.max(length, this.#rest.length * 2, 256), longestLine + 1));
      larger.set(this.#rest.subarray(0, this.#restLength));
      this.#rest = larger;
    }
    this.#rest.set(chunk.subarray(from, to), this.#restLength);
    this.#restLength = length;
  }

  /** One line of `bytes`, LF excluded; `endByte` is where the input goes on. */
  #line(bytes: Uint8Array, from: number, lineEnd: number, endByte: number): void {
    const to = lineEnd > from && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const startOfLine = this.#lineStart;
    this.#lineStart = endByte;
    this.#lines++;
    this.#examined += to - from;
    const line =
      this.#overlong || to - from > longestLine
        ? ({ kind: "noise" } as const)
        : readLine(bytes, from, to, this.#dumps);
    let startByte = startOfLine;
    if ("column" in line && !isBlank(bytes, from, line.column)) startByte += line.column - from;
    this.#dumps.take(line, { line: this.#lines, startByte, endByte }, bytes);
  }
}

/** All findings in `bytes`, in order. The same code as `MemInfoParser`. */
export function parseMemInfo(bytes: Uint8Array): readonly Finding[] {
  const parser = new MemInfoParser();
  const findings = parser.push(bytes);
  const last = parser.end();
  return findings.length === 0 ? last : [...findings, ...last];
}

/** Where the line from `from` on ends, or -1. Most lines are short: calling indexOf costs more than looking at them. */
function lineEndAfter(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + 128);
  for (let at = from; at < near; at++) if (bytes[at] === LF) return at;
  return bytes.indexOf(LF, near);
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}
