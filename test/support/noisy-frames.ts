import { bytesOf, concatBytes } from "../../src/shared/bytes.ts";
import {
  countHeap,
  type HeapArea,
  type HeapCounts,
  modernFormat,
  printDump,
  type Run,
} from "./dump-printer.ts";
import { printFrame } from "./frame-printer.ts";
import { seeded } from "./seeded.ts";

/** What the board printed in one frame. */
export interface TrueFrame {
  readonly counts: HeapCounts;
  readonly stackBytes: number;
  readonly hasMap: boolean;
  /** Nothing was done to it. */
  readonly intact: boolean;
}

export interface NoisyStream {
  readonly bytes: Uint8Array;
  /** By sequence number. */
  readonly truth: ReadonlyMap<number, TrueFrame>;
}

/**
 * A board's output: frames with an application's output around them, in them and in the middle of their lines, and a link that
 * cuts, changes and drops bytes of every third one. `outputBytes`: application output per frame.
 */
export function noisyFrames(frames: number, outputBytes: number, seed: number): NoisyStream {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pieces: Uint8Array[] = [];
  const truth = new Map<number, TrueFrame>();
  for (let sequence = 1; sequence <= frames; sequence++) {
    pieces.push(bytesOf(chatter(below, outputBytes)));
    const area: HeapArea = { base: 0x20008b00, runs: randomRuns(below) };
    const stackBytes = 300 + below(900);
    const hasMap = below(8) === 0;
    const answer = (map: boolean): string =>
      printDump([area], { ...modernFormat, map }).replace("stack: 524 ", `stack: ${stackBytes} `);
    const label = below(4) === 0 ? `mark=point label=at%20${below(100)}` : "interval=1";
    const text = printFrame(sequence, answer(false) + answer(hasMap), label);
    const [damaged, intact] = damage(bytesOf(text), below);
    pieces.push(damaged);
    truth.set(sequence, { counts: countHeap([area], modernFormat.blockSize), stackBytes, hasMap, intact });
  }
  return { bytes: concatBytes(pieces), truth };
}

type Below = (limit: number) => number;

/** Lines of an application, the last one open now and then. */
function chatter(below: Below, bytes: number): string {
  let text = "";
  while (text.length < bytes) {
    const lines = [
      `counter ${below(1e6)}\r\n`,
      `${below(100)}`,
      `GC: free ${below(9000)} <b>${below(10)}</b>\r\n`,
      `2000${below(9999)}: ${"=".repeat(below(30))}\n`,
      "<heapscope\r\n",
      "stack: 12 out of order\r\n",
      "\t{'temperature': 21.5}\r\n",
    ];
    text += lines[below(lines.length)];
  }
  return text;
}

function randomRuns(below: Below): readonly Run[] {
  const runs: [string, number][] = [];
  let blocks = 0;
  while (blocks < 500) {
    const length = 1 + below(below(5) === 0 ? 90 : 4);
    const isFree = below(4) === 0 && runs.at(-1)?.[0] !== ".";
    runs.push([isFree ? "." : (["h", "S", "A", "B"][below(4)] ?? "h"), length]);
    blocks += length;
  }
  runs.push(["h", 4 - (blocks % 4)]);
  return runs;
}

function damage(frame: Uint8Array, below: Below): readonly [bytes: Uint8Array, intact: boolean] {
  let bytes = frame;
  const kind = below(9);
  const at = below(bytes.length);
  if (kind === 0) {
    // The application prints in between, in mid-line mostly.
    for (let times = 1 + below(3); times > 0; times--)
      bytes = insert(bytes, below(bytes.length), chatter(below, 1 + below(40)));
  } else if (kind === 1) {
    bytes = bytes.slice();
    for (let times = 1 + below(4); times > 0; times--) bytes[below(bytes.length)] = changed(below);
  } else if (kind === 2) {
    bytes = concatBytes([bytes.subarray(0, at), bytes.subarray(at + 1 + below(60))]);
  } else if (kind === 3) {
    bytes = below(2) === 0 ? bytes.subarray(0, at) : bytes.subarray(at);
  }
  return [bytes, kind > 3];
}

function insert(bytes: Uint8Array, at: number, text: string): Uint8Array {
  return concatBytes([bytes.subarray(0, at), bytesOf(text), bytes.subarray(at)]);
}

/** A digit as often as any other byte: those are what figures are made of. */
function changed(below: Below): number {
  return below(2) === 0 ? 0x30 + below(10) : below(256);
}
