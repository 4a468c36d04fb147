import { bytesOf, utf8Text } from "../shared/bytes.ts";

/** One region of ESP32's system heap, as `esp32.idf_heap_info(HEAP_DATA)` tells it. */
export interface IdfRegion {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly largestFreeBytes: number;
  /** The least that was ever free. */
  readonly minimumFreeBytes: number;
}

const phases = ["periodic", "before-collect", "after-collect", "on-demand"] as const;
const marks = ["point", "begin", "end", "settled"] as const;
export type HelperPhase = (typeof phases)[number];
export type HelperMark = (typeof marks)[number];

/** What the start line of a helper's frame says. Null = the helper did not say. */
export interface HelperHeader {
  /** Rises by 1 from frame to frame of a run, from 1. */
  readonly sequence: number;
  /** Lower-case hex digits that differ between starts of the helper. */
  readonly run: string;
  /** The board's `ticks_ms` at the beginning of the frame; wraps. */
  readonly ticksMs: number;
  readonly phase: HelperPhase;
  /** `gc.collect()` alone, µs. */
  readonly pauseUs: number | null;
  readonly mark: HelperMark | null;
  readonly label: string | null;
  /** `micropython.stack_use()`. */
  readonly stackBytes: number | null;
  /** `gc.threshold()`; -1 = it has none. */
  readonly gcThreshold: number | null;
  readonly peakBytes: number | null;
  readonly idfHeap: readonly IdfRegion[] | null;
  /** When the next frame is due, s; null in a frame that the application asked for. */
  readonly intervalSeconds: number | null;
  /** `gc.mem_alloc()` and `gc.mem_free()`, where mem_info is missing. */
  readonly allocBytes: number | null;
  readonly freeBytes: number | null;
}

export type HeaderResult =
  | { readonly kind: "header"; readonly header: HelperHeader }
  | { readonly kind: "foreign-version"; readonly version: number }
  | { readonly kind: "damaged" };

/** This host reads frames of this version. */
export const frameVersion = 1;
/** A day and more between two frames is no live helper. */
const LONGEST_INTERVAL_SECONDS = 100_000;
const MOST_REGIONS = 64;
const LONGEST_LABEL = 256;

const damaged: HeaderResult = { kind: "damaged" };

/** Thrown and caught in this file only. */
class OutOfRange extends Error {}

/**
 * Reads a start line from `<heapscope ` to `>`. A key that is not known is ignored; one that is there twice, or whose value
 * cannot be, makes the line damaged. Format: firmware-helpers/README.md.
 */
export function parseHelperHeader(line: Uint8Array): HeaderResult {
  const words = utf8Text(line).slice("<heapscope ".length, -1).split(" ");
  const [versionText = "", sequenceText = "", ...pairs] = words;
  if (!/^\d{1,4}$/.test(versionText)) return damaged;
  const version = Number(versionText);
  if (version !== frameVersion) return { kind: "foreign-version", version };
  const values = valuesOf(pairs);
  if (!values) return damaged;
  try {
    return { kind: "header", header: headerOf(sequenceText, values) };
  } catch (error) {
    if (error instanceof OutOfRange) return damaged;
    throw error;
  }
}

function valuesOf(pairs: readonly string[]): ReadonlyMap<string, string> | null {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1 || values.has(pair.slice(0, at))) return null;
    values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return values;
}

function headerOf(sequenceText: string, values: ReadonlyMap<string, string>): HelperHeader {
  const optional = <Value>(key: string, read: (text: string) => Value): Value | null => {
    const text = values.get(key);
    return text === undefined ? null : read(text);
  };
  const header: HelperHeader = {
    sequence: whole(sequenceText, 1),
    run: runOf(values.get("run") ?? ""),
    ticksMs: whole(values.get("ms") ?? "", 0),
    phase: oneOf(phases, values.get("phase") ?? ""),
    pauseUs: optional("pause_us", whole),
    mark: optional("mark", (text) => oneOf(marks, text)),
    label: optional("label", labelOf),
    stackBytes: optional("stack", whole),
    gcThreshold: optional("threshold", (text) => (text === "-1" ? -1 : whole(text))),
    peakBytes: optional("peak", whole),
    idfHeap: optional("idf", regionsOf),
    intervalSeconds: optional("interval", secondsOf),
    allocBytes: optional("alloc", whole),
    freeBytes: optional("free", whole),
  };
  // A pause belongs to a collection that is over; a block of `measure` has a name.
  if (header.pauseUs !== null && header.phase !== "after-collect") throw new OutOfRange();
  if ((header.allocBytes === null) !== (header.freeBytes === null)) throw new OutOfRange();
  return header;
}

/** Digits, no more than the largest number of a 32-bit board. */
function whole(text: string, least = 0): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value < least || value > 0xffff_ffff) throw new OutOfRange();
  return value;
}

function runOf(text: string): string {
  if (!/^[0-9a-f]{1,16}$/.test(text)) throw new OutOfRange();
  return text;
}

function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new OutOfRange();
  return word;
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > LONGEST_INTERVAL_SECONDS) throw new OutOfRange();
  return seconds;
}

/** Not decodeURIComponent: what a board puts there need not be valid UTF-8. */
function labelOf(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new OutOfRange();
  const bytes: number[] = [];
  for (const piece of text.split(/(%[0-9A-Fa-f]{2})/)) {
    if (/^%..$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 16));
    else bytes.push(...bytesOf(piece));
  }
  const label = utf8Text(Uint8Array.from(bytes));
  if (label.length > LONGEST_LABEL) throw new OutOfRange();
  return label;
}

function regionsOf(text: string): readonly IdfRegion[] {
  const regions = text.split(",").map((region) => {
    const [total = "", free = "", largest = "", least = "", ...more] = region.split("/");
    if (more.length > 0) throw new OutOfRange();
    return {
      totalBytes: whole(total),
      freeBytes: whole(free),
      largestFreeBytes: whole(largest),
      minimumFreeBytes: whole(least),
    };
  });
  const isImpossible = regions.some(
    ({ totalBytes, freeBytes, largestFreeBytes, minimumFreeBytes }) =>
      freeBytes > totalBytes || largestFreeBytes > freeBytes || minimumFreeBytes > totalBytes,
  );
  if (isImpossible || regions.length > MOST_REGIONS) throw new OutOfRange();
  return regions;
}
