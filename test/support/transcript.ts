import { readFileSync } from "node:fs";
import type { WireChunk, WireEnd, WireHeader } from "../../src/transport/wire-lines.ts";

/** A recording, see src/transport/wire-lines.ts. */
export interface Transcript {
  readonly header: WireHeader;
  /** Neighbours of one side are apart, as they were on the wire. */
  readonly steps: readonly WireChunk[];
  /** Null where it was cut off. */
  readonly end: WireEnd | null;
}

/** Reads `wire.jsonl`. A last line that was cut off in its middle is left out. */
export function readTranscript(file: string): Transcript {
  const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
  const [header, ...lines] = whole.map((line) => JSON.parse(line) as WireHeader | WireChunk | WireEnd);
  if (!header || !("format" in header) || header.version !== 1) throw new Error(`${file} is no recording`);
  const steps = lines.filter((line): line is WireChunk => "from" in line);
  const end = lines.find((line): line is WireEnd => "end" in line) ?? null;
  return { header, steps, end };
}

/** Latin1, a byte per character. */
export function wireBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** What to say of a host that did not write what the recorded one wrote. */
export function otherThan(recorded: string, written: string): string {
  const [one, other] = [recorded, written].map((text) => JSON.stringify(text.slice(0, 200)));
  return `recorded is ${one}, but the host wrote ${other}`;
}
