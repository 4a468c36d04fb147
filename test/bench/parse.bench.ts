import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { figuresOf } from "../../src/heap/figures.ts";
import { MemInfoParser, parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { modernFormat, printDump, type Run } from "../support/dump-printer.ts";
import type { BenchReport } from "./harness.ts";

const chunkBytes = 64 * 1024;
const rp2040 = ["069-rp2040-pico-v1.20.0-emul-rawrepl.txt", "071-rp2040-picow-v1.20.0-emul-rawrepl.txt"];

/** Parsing to map and metrics against a loop that only reads every byte of the same buffer. */
export async function run(report: BenchReport): Promise<void> {
  const perByte = new Map<string, number[]>();
  for (const [mix, limit] of [
    [resampled("RP2040", rp2040), 2.5],
    [resampled("unix 64-bit, busy", ["024-unix64-memusage-frame1.txt"]), Number.POSITIVE_INFINITY],
    [shortestMix, Number.POSITIVE_INFINITY],
  ] as const) {
    const costs: number[] = [];
    for (const size of [16_000, 300_000]) {
      const dump = dumpOf(mix, size);
      const name = `parse ${mix.name}, ${Math.round(dump.length / 1000)} kB`;
      const { oursNs } = report.compare({
        name,
        ours: () => wholeReading(dump),
        floor: () => readEvery(dump),
        limit,
      });
      costs.push(oursNs / dump.length);
    }
    perByte.set(mix.name, costs);
  }
  for (const [name, [small = 0, large = 0]] of perByte) {
    report.line(`growth ${name}, per byte`, nsPerByte(large), nsPerByte(small), large / small, 1.3);
  }
}

/** What a reading costs: bytes to map, verdict and figures. */
function wholeReading(dump: Uint8Array): number {
  const parser = new MemInfoParser();
  const findings = [];
  for (let at = 0; at < dump.length; at += chunkBytes) {
    findings.push(...parser.push(dump.subarray(at, Math.min(dump.length, at + chunkBytes))));
  }
  findings.push(...parser.end());
  const [finding] = findings;
  if (findings.length !== 1 || finding?.kind !== "record")
    throw new Error("the bench's dump is not one record");
  const verdict = reconcile(finding.record);
  if (verdict.kind !== "verified") throw new Error("the bench's dump does not add up");
  const figures = figuresOf(finding.record, null, verdict);
  return (figures.fragmentation ?? 0) + (figures.map?.histogram.length ?? 0);
}

function readEvery(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index++) sum += bytes[index]!;
  return sum;
}

/** A dump of about `size` bytes as a 32-bit board prints it, CRLF. */
function dumpOf(mix: Mix, size: number): Uint8Array {
  const random = seeded(1);
  const runs: Run[] = [];
  let blocks = 0;
  while (blocks * (76 / 64) < size) {
    const run = mix.next(random);
    const last = runs.at(-1);
    if (last?.[0] === "." && run[0] === ".") continue;
    runs.push(run);
    blocks += run[1];
  }
  runs.push(["h", 4 - (blocks % 4)]);
  return bytesOf(printDump([{ base: 0x20008b00, runs }], modernFormat));
}

interface Mix {
  readonly name: string;
  readonly next: (random: () => number) => Run;
}

/** Runs of captures in new order: slices of 8 to 40 runs, from anywhere in their used part. */
function resampled(name: string, files: readonly string[]): Mix {
  const runs = files.flatMap((file) => runsOf(file));
  let at = 0;
  let left = 0;
  return {
    name,
    next: (random) => {
      if (left === 0) {
        left = 8 + Math.floor(random() * 32);
        at = Math.floor(random() * (runs.length - left));
      }
      left--;
      return runs[at++] ?? ["h", 1];
    },
  };
}

/** All runs of a captured dump but the long free rest, of which the board prints one line. */
function runsOf(file: string): Run[] {
  const bytes = new Uint8Array(readFileSync(resolve(import.meta.dirname, "../fixtures/dumps", file)));
  const [finding] = parseMemInfo(bytes);
  if (finding?.kind !== "record" || finding.record.map === null) throw new Error(`${file} is not one map`);
  return finding.record.map.toPairs().filter(([letter, length]) => letter !== "." || length < 1000);
}

/** The worst there can be: hardly a run longer than one block. */
const shortestMix: Mix = {
  name: "one-block runs (worst case)",
  next: (random) => ["hSFBDMTAL."[Math.floor(random() * 10)] ?? "h", random() < 0.95 ? 1 : 2],
};

/** Mulberry32: the same dump in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function nsPerByte(value: number): string {
  return `${value.toFixed(3)} ns/B`;
}
