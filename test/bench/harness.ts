/** One comparison: `ours` against `floor`, the least the machine needs for the same input. */
export interface Comparison {
  readonly name: string;
  readonly ours: () => unknown;
  readonly floor: () => unknown;
  /** Largest ratio of the medians that is acceptable. */
  readonly limit: number;
}

/** One bench: measures and reports by calling `compare` and `line`. */
export type Bench = (report: BenchReport) => Promise<void>;

export interface BenchReport {
  /** Measures, prints one line, returns the medians in nanoseconds per call. */
  compare(comparison: Comparison): { readonly oursNs: number; readonly floorNs: number };
  /** Prints one line for a ratio that was computed from other measurements. */
  line(name: string, ours: string, floor: string, ratio: number, limit: number): void;
}

const warmUpMs = 300;
const sampleMs = 2;
const samples = 151;
/** Results go here, so that no call can be optimised away. */
let sink: unknown;

/** A report that prints aligned lines `name  ours  floor  ratio  limit`, and counts ratios beyond their limit. */
export function createReport(print: (line: string) => void): BenchReport & { readonly missed: () => number } {
  let missed = 0;
  const line: BenchReport["line"] = (name, ours, floor, ratio, limit) => {
    const ok = ratio <= limit;
    if (!ok) missed++;
    const columns = [name.padEnd(44), ours.padStart(12), floor.padStart(12), ratio.toFixed(2).padStart(7)];
    print(`${columns.join("  ")}  ${limit.toFixed(2).padStart(6)}${ok ? "" : "  MISSED"}`);
  };
  print(
    `${"name".padEnd(44)}  ${"ours".padStart(12)}  ${"floor".padStart(12)}  ${"ratio".padStart(7)}  ${"limit".padStart(6)}`,
  );
  return {
    line,
    missed: () => missed,
    compare: (comparison) => {
      const { oursNs, floorNs } = measure(comparison);
      line(comparison.name, microseconds(oursNs), microseconds(floorNs), oursNs / floorNs, comparison.limit);
      return { oursNs, floorNs };
    },
  };
}

/** Interleaved: one sample of ours, one of the floor, and again; a slow moment of the machine hits both. */
function measure({ ours, floor }: Comparison): { readonly oursNs: number; readonly floorNs: number } {
  const oursCalls = warmUp(ours);
  const floorCalls = warmUp(floor);
  const oursTimes: number[] = [];
  const floorTimes: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    oursTimes.push(timeOf(ours, oursCalls));
    floorTimes.push(timeOf(floor, floorCalls));
  }
  return { oursNs: median(oursTimes), floorNs: median(floorTimes) };
}

/** Runs until the compiler is done with it. Returns how many calls make one sample. */
function warmUp(call: () => unknown): number {
  const until = performance.now() + warmUpMs;
  let calls = 0;
  while (performance.now() < until || calls < 3) {
    sink = call();
    calls++;
  }
  return Math.max(1, Math.round((calls * sampleMs) / warmUpMs));
}

function timeOf(call: () => unknown, calls: number): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < calls; index++) sink = call();
  return Number(process.hrtime.bigint() - start) / calls;
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >>> 1] ?? Number.NaN;
}

function microseconds(ns: number): string {
  return `${(ns / 1000).toFixed(2)} µs`;
}

/** The last call's result. Exported only so that `sink` is used. */
export function lastResult(): unknown {
  return sink;
}
