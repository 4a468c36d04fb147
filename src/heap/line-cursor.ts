import { hexValue } from "./map-letters.ts";

/** Numbers longer than this are damage: they would lose digits in a double. */
const mostDigits = 15;

/** Reads one line from left to right. Every method moves on only when it succeeds. */
export class LineCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** The text itself. */
  text(text: string): boolean {
    if (this.at + text.length > this.end) return false;
    for (let index = 0; index < text.length; index++)
      if (this.bytes[this.at + index] !== text.charCodeAt(index)) return false;
    this.at += text.length;
    return true;
  }

  /** Decimal digits. */
  number(): number | null {
    let value = 0;
    let at = this.at;
    while (at < this.end) {
      const digit = (this.bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === this.at || at - this.at > mostDigits) return null;
    this.at = at;
    return value;
  }

  /** Hex digits, as lower-case text without 0x. */
  hexText(): string | null {
    const start = this.at;
    if (!this.text("0x")) this.text("0X");
    const first = this.at;
    while (this.at < this.end && (hexValue[this.bytes[this.at] ?? 0] ?? 256) < 16) this.at++;
    if (this.at > first && this.at - first <= 16) return this.peek(first, this.at).toLowerCase();
    this.at = start;
    return null;
  }

  /** Letters and spaces, at least one. */
  words(): boolean {
    const start = this.at;
    while (this.at < this.end) {
      const byte = (this.bytes[this.at] ?? 0) | 0x20;
      if (byte !== 0x20 && (byte < 0x61 || byte > 0x7a)) break;
      this.at++;
    }
    return this.at > start;
  }

  /** What stands here, for a message: at most 24 characters, quoted; or "the end of the line". */
  found(): string {
    if (this.atEnd) return "the end of the line";
    return `"${this.peek(this.at, Math.min(this.end, this.at + 24))}"`;
  }

  peek(from: number, to: number): string {
    let text = "";
    for (let at = from; at < to; at++) {
      const byte = this.bytes[at] ?? 0;
      text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
    }
    return text;
  }
}
