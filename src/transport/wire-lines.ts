import type { CloseReason, PortOptions } from "./port.ts";

/**
 * The lines of `wire.jsonl`, what was said over one open port. First the header, then a line per chunk in the order in
 * which heapscope saw them, at last why the port was closed; a recording that was cut off has no such end:
 *
 *     {"format":"heapscope-wire","version":1,"port":"serial:/dev/ttyACM0","baudRate":115200,"heapscope":"0.1.0","startedAt":"2026-11-22T17:00:00.123Z"}
 *     {"ms":1.52,"from":"host","text":"\r\u0001"}
 *     {"ms":3.004,"from":"board","text":"raw REPL; CTRL-B to exit\r\n>"}
 *     {"ms":9000.1,"end":"vanished","reason":"the device is gone"}
 *
 * `text` is latin1, a character per byte, so nothing is lost. `ms` counts from the opening.
 */
export interface WireHeader extends PortOptions {
  readonly format: "heapscope-wire";
  readonly version: 1;
  /** URL it was opened by. */
  readonly port: string;
  /** Version of heapscope. */
  readonly heapscope: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
}

export interface WireChunk {
  readonly ms: number;
  readonly from: "board" | "host";
  readonly text: string;
}

export interface WireEnd {
  readonly ms: number;
  readonly end: CloseReason["kind"];
  readonly reason?: string;
}

/** The first line. */
export function headerLine(port: string, options: PortOptions, heapscope: string, startedAt: string): string {
  const header: WireHeader = { format: "heapscope-wire", version: 1, port, ...options, heapscope, startedAt };
  return wireLine(header);
}

export function chunkLine(ms: number, from: WireChunk["from"], bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return wireLine({ ms: toMicroseconds(ms), from, text } satisfies WireChunk);
}

/** The last line. */
export function endLine(ms: number, reason: CloseReason): string {
  const { kind, ...rest } = reason;
  return wireLine({ ms: toMicroseconds(ms), end: kind, ...rest } satisfies WireEnd);
}

/** JSON leaves DEL and the C1 controls as they are; an editor shows nothing of them, or breaks the line there. */
function wireLine(value: WireHeader | WireChunk | WireEnd): string {
  const json = JSON.stringify(value);
  const visible = json.replace(/[\u007f-\u009f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return `${visible}\n`;
}

function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
