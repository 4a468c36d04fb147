/**
 * Takes a helper's frames out of a board's console output. Bytes in, items out; no clock, nothing is waited for.
 *
 * | state   | on                                        | reports                | next    |
 * | ------- | ----------------------------------------- | ---------------------- | ------- |
 * | outside | other bytes                               | text                   | outside |
 * | outside | a start line                              |                        | open    |
 * | outside | a start line of another version ¹         | foreign-version        | outside |
 * | outside | an end line                               | lost: end-alone ¹      | outside |
 * | any     | a start line that is damaged              | lost: start-damaged    | outside |
 * | open    | other bytes                               | (kept as its body)     | open    |
 * | open    | a start line, whole or damaged            | lost: cut, then as outside |     |
 * | open    | its end line                              | frame                  | outside |
 * | open    | another end line, or a damaged one        | lost: end-other, end-damaged | outside |
 * | open    | more body than `longestBody`              | lost: too-long         | outside |
 * | open    | giveUp()                                  | lost: cut              | outside |
 *
 * ¹ The end line after one of another version is passed over.
 *
 * A start or end line is recognized anywhere in a line: from `<heapscope ` or `</heapscope ` and a digit to `>`. One that is
 * cut by a control character, by `<` or by its length is damaged. Without that digit it is text.
 */

import { bytesOf, concatBytes } from "../shared/bytes.ts";
import { GrowingBytes } from "../shared/growing-bytes.ts";
import { type HelperHeader, parseHelperHeader } from "./helper-header.ts";

export type LostReason = "cut" | "start-damaged" | "end-alone" | "end-other" | "end-damaged" | "too-long";

export type HelperItem =
  /** The application's own. Consecutive ones belong together. */
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | {
      readonly kind: "frame";
      readonly header: HelperHeader;
      /** All between the start line and the end line. */
      readonly body: Uint8Array;
      /** Of the whole frame, start and end line included. */
      readonly wireBytes: number;
    }
  | {
      readonly kind: "lost";
      readonly reason: LostReason;
      /** What its start line said, where that was whole. It is not proven: the sum comes with the end. */
      readonly header: HelperHeader | null;
      /** All that was kept of it, start line included. */
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "foreign-version"; readonly version: number };

/** Bytes of a frame's body: a 4 MB heap's map takes about 300 KB. */
export const longestBody = 1024 * 1024;
/** Bytes of a start or end line: a long label, and the regions of an ESP32 with external RAM. */
export const longestMarker = 1500;

const LT = 0x3c;
const GT = 0x3e;
const CR = 0x0d;
const LF = 0x0a;
const startSign = bytesOf("<heapscope ");
const endSign = bytesOf("</heapscope ");

/** What begins at a `<`. `end`: where the input goes on after it. */
type Found =
  | { readonly kind: "none" | "start" | "end"; readonly end: number }
  | { readonly kind: "damaged"; readonly of: "start" | "end"; readonly end: number }
  /** The input is over before it is known. `looked`: bytes that need not be looked at again. */
  | { readonly kind: "unfinished"; readonly looked: number };

interface OpenFrame {
  readonly header: HelperHeader;
  readonly line: Uint8Array;
}

/** Splits a console stream, however it is cut. Time is linear in the input; memory is one frame (`longestBody`). */
export class HelperFrames {
  readonly #body = new GrowingBytes();
  #open: OpenFrame | null = null;
  /** The beginning of what may be a start or end line: the first `#heldLength` bytes. */
  readonly #hold = new Uint8Array(2 * longestMarker);
  #heldLength = 0;
  #heldLooked = 0;
  /** The line end after an end line is the helper's: what of it is awaited. */
  #lineEnd: "none" | "cr-or-lf" | "lf" = "none";
  /** The end line of a frame of another version is awaited. */
  #foreignOpen = false;
  #items: HelperItem[] = [];

  /** A frame has begun and its end is awaited. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Takes the next bytes; returns what they completed. */
  push(chunk: Uint8Array): readonly HelperItem[] {
    const bytes = this.#heldLength === 0 ? chunk : this.#withHeld(chunk);
    if (bytes !== null) this.#scan(bytes, this.#afterLineEnd(bytes));
    return this.#take();
  }

  /** Nothing more comes of what is open: the board restarted, or it has taken too long. */
  giveUp(): readonly HelperItem[] {
    this.#plain(this.#hold.slice(0, this.#heldLength));
    this.#heldLength = 0;
    this.#heldLooked = 0;
    if (this.#open) this.#lose("cut");
    if (this.#lineEnd === "lf") this.#plain(Uint8Array.of(CR));
    this.#lineEnd = "none";
    this.#foreignOpen = false;
    return this.#take();
  }

  /** The chunk behind what is held, or null where that is still not all of a start or end line. */
  #withHeld(chunk: Uint8Array): Uint8Array | null {
    const length = this.#heldLength;
    if (length + chunk.length > this.#hold.length) {
      this.#heldLength = 0;
      return concatBytes([this.#hold.subarray(0, length), chunk]);
    }
    this.#hold.set(chunk, length);
    const found = markerAt(this.#hold.subarray(0, length + chunk.length), 0, this.#heldLooked);
    if (found.kind === "unfinished") {
      this.#heldLength = length + chunk.length;
      this.#heldLooked = found.looked;
      return null;
    }
    this.#heldLength = 0;
    return this.#hold.slice(0, length + chunk.length);
  }

  /** Where the input goes on after the helper's own line end. */
  #afterLineEnd(bytes: Uint8Array): number {
    let at = 0;
    if (this.#lineEnd === "cr-or-lf" && at < bytes.length) {
      this.#lineEnd = bytes[at] === CR ? "lf" : "none";
      if (bytes[at] === CR || bytes[at] === LF) at++;
    }
    if (this.#lineEnd === "lf" && at < bytes.length) {
      this.#lineEnd = "none";
      if (bytes[at] === LF) at++;
      else this.#plain(Uint8Array.of(CR));
    }
    return at;
  }

  #scan(bytes: Uint8Array, from: number): void {
    /** What has been dealt with. */
    let done = from;
    let at = from;
    let looked = this.#heldLooked;
    this.#heldLooked = 0;
    for (;;) {
      const begin = bytes.indexOf(LT, at);
      if (begin === -1) break;
      const found = markerAt(bytes, begin, looked);
      looked = 0;
      if (found.kind === "none") {
        at = found.end;
        continue;
      }
      this.#plain(bytes.subarray(done, begin));
      if (found.kind === "unfinished") {
        this.#hold.set(bytes.subarray(begin));
        this.#heldLength = bytes.length - begin;
        this.#heldLooked = found.looked;
        return;
      }
      done = at = found.end;
      const line = bytes.subarray(begin, found.end);
      if (found.kind === "start") this.#start(line);
      else if (found.kind === "damaged") this.#damaged(found.of, line);
      else {
        this.#end(line);
        this.#lineEnd = "cr-or-lf";
        done = at = found.end + this.#afterLineEnd(bytes.subarray(found.end));
      }
    }
    this.#plain(bytes.subarray(done));
  }

  /** Bytes of no start or end line. */
  #plain(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.#open) {
      this.#items.push({ kind: "text", bytes });
      return;
    }
    const room = longestBody - this.#body.length;
    this.#body.add(bytes.subarray(0, room));
    if (bytes.length <= room) return;
    this.#lose("too-long");
    this.#plain(bytes.subarray(room));
  }

  #start(line: Uint8Array): void {
    if (this.#open) this.#lose("cut");
    const result = parseHelperHeader(line);
    this.#foreignOpen = result.kind === "foreign-version";
    if (result.kind === "header") this.#open = { header: result.header, line: line.slice() };
    else if (result.kind === "foreign-version") this.#items.push(result);
    else this.#items.push({ kind: "lost", reason: "start-damaged", header: null, bytes: line });
  }

  #damaged(of: "start" | "end", line: Uint8Array): void {
    if (this.#open) {
      if (of === "end") {
        this.#body.add(line);
        this.#lose("end-damaged");
        return;
      }
      this.#lose("cut");
    }
    const reason = of === "start" ? "start-damaged" : "end-alone";
    if (of === "end" && this.#foreignOpen) this.#foreignOpen = false;
    else this.#items.push({ kind: "lost", reason, header: null, bytes: line });
  }

  #end(line: Uint8Array): void {
    const open = this.#open;
    if (!open) {
      if (!this.#foreignOpen)
        this.#items.push({ kind: "lost", reason: "end-alone", header: null, bytes: line });
      this.#foreignOpen = false;
      return;
    }
    if (!isEndOf(open, line)) {
      this.#body.add(line);
      this.#lose("end-other");
      return;
    }
    const body = this.#body.take();
    this.#open = null;
    const wireBytes = open.line.length + body.length + line.length;
    this.#items.push({ kind: "frame", header: open.header, body, wireBytes });
  }

  #lose(reason: LostReason): void {
    const open = this.#open;
    if (!open) return;
    const bytes = concatBytes([open.line, this.#body.take()]);
    this.#open = null;
    this.#items.push({ kind: "lost", reason, header: open.header, bytes });
  }

  #take(): readonly HelperItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/** `looked`: bytes from `begin` on that were looked at before and told nothing. */
function markerAt(bytes: Uint8Array, begin: number, looked: number): Found {
  const of = bytes[begin + 1] === endSign[1] ? "end" : "start";
  const sign = of === "end" ? endSign : startSign;
  let at = begin + Math.max(1, looked);
  for (; at < begin + sign.length; at++) {
    if (at === bytes.length) return { kind: "unfinished", looked: at - begin };
    if (bytes[at] !== sign[at - begin]) return { kind: "none", end: at };
  }
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (at === begin + sign.length && (byte < 0x30 || byte > 0x39)) return { kind: "none", end: at };
    if (byte === GT) return { kind: of, end: at + 1 };
    const isOut = byte < 0x20 || byte === 0x7f || byte === LT || at - begin >= longestMarker;
    if (isOut) return { kind: "damaged", of, end: at };
  }
  return { kind: "unfinished", looked: at - begin };
}

/** Whether the end line names the frame's number, and the sum of the bytes of its start line. */
function isEndOf({ header, line }: OpenFrame, end: Uint8Array): boolean {
  let sum = 0;
  for (const byte of line) sum += byte;
  const expected = bytesOf(`</heapscope ${header.sequence} sum=${sum % 65_536}>`);
  return expected.length === end.length && expected.every((byte, at) => byte === end[at]);
}
