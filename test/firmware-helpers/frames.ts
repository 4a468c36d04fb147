import { disagreement } from "../../src/heap/confirm.ts";
import type { MemInfoRecord } from "../../src/heap/mem-info-record.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";

/** A frame as firmware-helpers/README.md describes it. */
export interface Frame {
  readonly number: number;
  readonly keys: Readonly<Record<string, string>>;
  /** The last answer of mem_info in it; null where it has none. */
  readonly record: MemInfoRecord | null;
}

/**
 * Every whole and sound frame in `text`, in order. Written after the README alone, so that it shows whether that says
 * enough; the host has its own.
 */
export function framesIn(text: string): readonly Frame[] {
  const frames: Frame[] = [];
  const starts = [...text.matchAll(/<heapscope (\d+) (\d+)((?: [a-z_]+=[^ <>\r\n]*)*)>\r?\n/g)];
  for (const [index, start] of starts.entries()) {
    const [line, version, number, pairs = ""] = start;
    const body = text.slice(start.index + line.length, starts[index + 1]?.index ?? text.length);
    const end = /<\/heapscope (\d+) sum=(\d+)>/.exec(body);
    const sum = Buffer.from(line.trimEnd(), "latin1").reduce((total, byte) => total + byte, 0) % 65536;
    if (version !== "1" || end?.[1] !== number || Number(end?.[2]) !== sum) continue;
    const keys = Object.fromEntries(
      pairs
        .trim()
        .split(" ")
        .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
    const findings = parseMemInfo(Buffer.from(body.slice(0, end?.index), "latin1"));
    const records = findings.flatMap((finding) => (finding.kind === "record" ? [finding.record] : []));
    const [first, second] = records;
    if (first !== undefined) {
      if (second === undefined || records.length !== 2 || findings.length !== 2) continue;
      if (disagreement(first, second) !== null) continue;
    }
    frames.push({ number: Number(number), keys, record: second ?? null });
  }
  return frames;
}

/** Bytes in use, as the frame says. */
export const usedBytes = (frame: Frame | undefined): number => frame?.record?.heap.usedBytes ?? Number.NaN;

/** A label as it was given. */
export const labelOf = (frame: Frame | undefined): string => {
  const { label = "" } = frame?.keys ?? {};
  return decodeURIComponent(label);
};
