import { figuresOf } from "../../src/heap/figures.ts";
import { MemInfoParser } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { modernFormat, printDump, type Run } from "../support/dump-printer.ts";
import type { BenchReport } from "./harness.ts";

const chunkBytes = 64 * 1024;

/** Parsing to map and metrics against a loop that only reads every byte of the same buffer. */
export async function run(report: BenchReport): Promise<void> {
  const perByte = new Map<string, number[]>();
  for (const [mix, limit] of [
    [realisticMix, 2.5],
    [fullMix, 2.5],
    [shortestMix, Number.POSITIVE_INFINITY],
  ] as const) {
    const costs: number[] = [];
    for (const size of [16_000, 300_000]) {
      const dump = dumpOf(mix, size);
      const name = `parse ${mix.name} ${Math.round(dump.length / 1000)} kB`;
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
export function dumpOf(mix: Mix, size: number): Uint8Array {
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

/** Letters and lengths of the RP2040 captures 069 and 071 (heap behind a MicroPython program, before collection). */
export const realisticMix: Mix = {
  name: "RP2040 mix",
  next: (random) => {
    const dice = random();
    if (dice < 0.29) return [".", dice < 0.22 ? 16 : 1 + Math.floor(random() ** 3 * 60)];
    if (dice < 0.33) return ["h", 1 + Math.floor(random() ** 4 * 130)];
    const letter = "hhhhhSSSSSSFFFFFFBBDMTA"[Math.floor(random() * 23)] ?? "h";
    return [letter, random() < 0.9 ? 1 : 2 + Math.floor(random() * 3)];
  },
};

/** Letters and lengths of capture 024, a heap in heavy use: more than 30 runs in a line. */
export const fullMix: Mix = {
  name: "busy heap",
  next: (random) => {
    const dice = random();
    if (dice < 0.05) return [".", 1 + Math.floor(random() ** 3 * 30)];
    const letter = "hhhhhhhhhSSSSSSSBBBBBDTLMA"[Math.floor(random() * 26)] ?? "h";
    return [letter, dice < 0.75 ? 1 : dice < 0.87 ? 2 : 3 + Math.floor(random() ** 6 * 70)];
  },
};

/** The worst there can be: hardly a run longer than one block. */
export const shortestMix: Mix = {
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
