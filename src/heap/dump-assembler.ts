import type { BlockMap } from "./block-map.ts";
import { type DumpProblem, dumpProblem } from "./dump-problem.ts";
import type { DueLines, Line } from "./line-grammar.ts";
import { MapBuilder, type MapFault } from "./map-builder.ts";
import { lineBlocks, TAIL } from "./map-letters.ts";
import type {
  CHeapFigures,
  Finding,
  MemInfoRecord,
  PrintedBlocks,
  PrintedFigures,
} from "./mem-info-record.ts";
import { FREE } from "./packed-runs.ts";
import type { StackFigures } from "./reading.ts";

/** Foreign lines (a log of another thread) between two lines of one dump; after more the dump is over. */
export const mostForeignLines = 16;

/** Where a line stands in the input. */
export interface LinePlace {
  /** 1-based. */
  readonly line: number;
  /** Of the line's own text in the input: after a prompt, but with its indentation. */
  readonly startByte: number;
  /** After the line end. */
  readonly endByte: number;
}

/** A dump that is still growing. */
interface Draft {
  readonly firstLine: number;
  readonly startByte: number;
  lastLine: number;
  endByte: number;
  cHeap: CHeapFigures | null;
  stack: StackFigures | null;
  printed: PrintedFigures | null;
  map: MapBuilder | null;
  foreignLines: number;
  /** Its problem is reported: the rest of it is passed over. */
  failed: boolean;
}

/** Puts lines together to records. Decides by lines only, so how the input was cut cannot matter. */
export class DumpAssembler implements DueLines {
  #draft: Draft | null = null;
  readonly #findings: Finding[] = [];

  /** The findings since the last call. */
  takeFindings(): readonly Finding[] {
    return this.#findings.length === 0 ? [] : this.#findings.splice(0);
  }

  /** The map that takes lines now, or null. */
  get openMap(): MapBuilder | null {
    const draft = this.#draft;
    return draft === null || draft.failed ? null : draft.map;
  }

  /** Whether a map line with this offset continues the dump. */
  expects(offset: number, digits: number): boolean {
    return this.openMap?.expects(offset, digits) ?? false;
  }

  /** The open map took full lines by itself; the last of them stood at `place`. */
  noteFullLines(line: number, endByte: number): void {
    const draft = this.#draft;
    if (draft === null) return;
    draft.lastLine = line;
    draft.endByte = endByte;
    draft.foreignLines = 0;
  }

  /** One line, as the grammar read it; `bytes` are those its positions point into. */
  take(line: Line, place: LinePlace, bytes: Uint8Array): void {
    if (line.kind === "noise") this.#foreign(place);
    else if (line.kind === "prompt") this.#finish(place.line, "a prompt");
    else if (line.kind === "map") this.#map(line, place, bytes);
    else if (line.kind === "freeLines") {
      const found = `(${line.lines} lines all free)`;
      this.#mapLine(place, found, true, (map) => map.takeFreeLines(line.lines));
    } else if (line.kind === "layout") this.#layout(line.base, place);
    else if (line.kind === "bare") this.#bare(line.base, line.offset, place);
    else if (line.kind === "frag") this.#frag(place);
    else if (line.kind === "damaged") this.#damaged(line, place);
    else this.#header(line, place);
  }

  /** The input ended after `line` lines. */
  end(line: number): void {
    this.#finish(Math.max(line, 1), "the end of the input");
  }

  #begin(place: LinePlace): Draft {
    const draft: Draft = {
      firstLine: place.line,
      startByte: place.startByte,
      lastLine: place.line,
      endByte: place.endByte,
      cHeap: null,
      stack: null,
      printed: null,
      map: null,
      foreignLines: 0,
      failed: false,
    };
    this.#draft = draft;
    return draft;
  }

  /** The draft with this line added where `fits`, else a new one. */
  #continuing(place: LinePlace, fits: (draft: Draft) => boolean): Draft {
    const draft = this.#draft;
    if (draft !== null && !draft.failed && fits(draft)) return extend(draft, place);
    this.#finish(place.line, "the next record");
    return this.#begin(place);
  }

  #header(line: Extract<Line, { kind: "cHeap" | "stack" | "heap" | "blocks" }>, place: LinePlace): void {
    if (line.kind === "cHeap") {
      this.#finish(place.line, 'another "mem:" line');
      const [totalBytes = 0, currentBytes = 0, peakBytes = 0] = line.values;
      this.#begin(place).cHeap = { totalBytes, currentBytes, peakBytes };
    } else if (line.kind === "stack") {
      const draft = this.#continuing(place, (d) => d.stack === null && d.printed === null && d.map === null);
      draft.stack = { usedBytes: line.used, totalBytes: line.total };
    } else if (line.kind === "heap") {
      const draft = this.#continuing(place, (d) => d.printed === null && d.map === null);
      const [totalBytes = 0, usedBytes = 0, freeBytes = 0, growableBytes = null] = line.values;
      draft.printed = { totalBytes, usedBytes, freeBytes, growableBytes, blocks: null };
    } else this.#blocks(line.values, place);
  }

  #map(line: Extract<Line, { kind: "map" }>, place: LinePlace, bytes: Uint8Array): void {
    const { offset, digits, from, to } = line;
    const full = to - from === lineBlocks;
    // "task 12345: done" of a log has the form of a map line. Not due, no free block, no tail: not ours.
    if (full || this.expects(offset, digits) || hasSigns(bytes, from, to))
      this.#mapLine(place, "a map line", full, (map) => map.takeLine(bytes, from, to, offset, digits));
    else this.#foreign(place);
  }

  #frag(place: LinePlace): void {
    if ((this.#draft?.map ?? null) === null) this.#foreign(place);
    else
      this.#fail(place, {
        reason: "map-missing",
        expected: "the map",
        found: 'a "Frag:" line in its place (a variant of the firmware that prints no map)',
      });
  }

  #blocks(values: readonly number[], place: LinePlace): void {
    const draft = this.#draft;
    if (draft?.failed) extend(draft, place);
    else if (
      draft !== null &&
      draft.printed !== null &&
      draft.printed.blocks === null &&
      draft.map === null
    ) {
      const [oneBlock = 0, twoBlock = 0, largestUsed = 0, largestFree = null] = values;
      const blocks: PrintedBlocks = { oneBlock, twoBlock, largestUsed, largestFree };
      extend(draft, place).printed = { ...draft.printed, blocks };
    } else {
      this.#finish(place.line, 'a second "No. of" line');
      this.#begin(place);
      const expected = 'the "GC:" line before this one';
      this.#fail(place, { reason: "header-missing", expected, found: 'a "No. of" line' });
    }
  }

  #layout(base: string, place: LinePlace): void {
    const draft = this.#draft;
    if (draft === null || this.#startsAnew(draft, base)) {
      this.#finish(place.line, "the next map");
      this.#begin(place).map = new MapBuilder();
    } else {
      extend(draft, place);
      if (!draft.failed) draft.map ??= new MapBuilder();
    }
    const fault = this.openMap?.beginArea(base) ?? null;
    if (fault !== null) this.#fail(place, fault);
  }

  /** Whether an area at `base` belongs to another dump than `draft`. */
  #startsAnew(draft: Draft, base: string): boolean {
    if (draft.map === null) return !draft.failed && (draft.printed?.blocks ?? null) === null;
    if (draft.map.hasArea(base)) return true;
    return isComplete(draft) || (draft.failed && !draft.map.hasLines);
  }

  #bare(base: string, offset: number, place: LinePlace): void {
    const draft = this.#draft;
    if (this.openMap?.hasLines && this.expects(offset, base.length)) {
      const expected = "blocks after the offset";
      this.#fail(place, { reason: "map-line-damaged", expected, found: "the end of the line" });
    } else if (base.length >= 7 && (draft?.map ?? draft?.printed?.blocks)) this.#layout(base, place);
    else this.#foreign(place);
  }

  #mapLine(
    place: LinePlace,
    found: string,
    plausible: boolean,
    takeBy: (map: MapBuilder) => MapFault | null,
  ): void {
    const draft = this.#draft;
    if (draft?.failed) extend(draft, place);
    else if (draft?.map) {
      const fault = takeBy(draft.map);
      if (fault === null) extend(draft, place);
      else this.#fail(place, fault);
    } else if (plausible) {
      if (draft !== null && (draft.printed?.blocks ?? null) === null) this.#finish(place.line, found);
      const orphan = this.#draft ?? this.#begin(place);
      orphan.map = new MapBuilder();
      const expected = '"GC memory layout; from ADDRESS:" before the map';
      this.#fail(place, { reason: "map-missing", expected, found: `${found}: the beginning was cut off` });
    } else this.#foreign(place);
  }

  #damaged(line: Extract<Line, { kind: "damaged" }>, place: LinePlace): void {
    const draft = this.#draft;
    const inMap = line.as === "layout" || line.as === "freeLines";
    if (draft === null && inMap) return;
    if (draft?.failed && (inMap || line.as === "blocks")) {
      extend(draft, place);
      return;
    }
    const continues =
      draft !== null &&
      !draft.failed &&
      (inMap || (draft.map === null && (line.as === "blocks" || draft.printed === null)));
    if (!continues) {
      this.#finish(place.line, "a damaged line");
      this.#begin(place);
    }
    const reason = inMap ? "map-line-damaged" : "header-damaged";
    this.#fail(place, { reason, expected: line.expected, found: line.found });
  }

  #foreign(place: LinePlace): void {
    const draft = this.#draft;
    if (draft === null) return;
    draft.foreignLines++;
    if (draft.foreignLines > mostForeignLines || isComplete(draft)) this.#finish(place.line, "other text");
  }

  /** Reports the draft's problem once. What follows of the same dump is passed over. */
  #fail(place: LinePlace, fault: MapFault): void {
    const draft = this.#draft;
    if (draft === null || draft.failed) return;
    this.#report(draft, dumpProblem(fault.reason, place.line, fault.expected, fault.found));
    draft.failed = true;
  }

  /** Closes the draft; `found` stands in `line`, where something else may have been due. */
  #finish(line: number, found: string): void {
    const draft = this.#draft;
    this.#draft = null;
    if (draft === null || draft.failed) return;
    if (draft.map !== null) {
      const finished = draft.map.finish(draft.printed?.totalBytes ?? null);
      if ("map" in finished) {
        this.#findings.push({ kind: "record", record: recordOf(draft, finished.map) });
        return;
      }
      const { reason, expected, found: wrong } = finished.fault;
      this.#report(draft, dumpProblem(reason, draft.lastLine, expected, wrong));
    } else if (draft.printed === null) {
      // "stack: 5" alone is anybody's log line; only the longer forms are mem_info's own.
      if (draft.cHeap === null && (draft.stack === null || draft.stack.totalBytes === null)) return;
      const due = draft.stack === null ? '"stack: NUMBER"' : '"GC: total: NUMBER"';
      this.#report(draft, dumpProblem("header-missing", line, due, found));
    } else if (draft.printed.blocks === null) {
      this.#report(draft, dumpProblem("header-missing", line, '"No. of 1-blocks: NUMBER"', found));
    } else {
      this.#findings.push({ kind: "record", record: recordOf(draft, null) });
    }
  }

  #report(draft: Draft, problem: DumpProblem): void {
    const salvaged = draft.printed === null ? null : recordOf(draft, null);
    this.#findings.push({ kind: "problem", problem, salvaged });
  }
}

function hasSigns(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === FREE || bytes[at] === TAIL) return true;
  return false;
}

/** Adds a line to the draft; foreign lines are counted anew after it. */
function extend(draft: Draft, place: LinePlace): Draft {
  draft.lastLine = place.line;
  draft.endByte = place.endByte;
  draft.foreignLines = 0;
  return draft;
}

/** Whether the map has all the bytes the header announced. */
function isComplete(draft: Draft): boolean {
  const size = draft.map?.blockSizeBytes ?? null;
  if (draft.map === null || size === null || draft.printed === null) return false;
  return draft.map.blockCount * size >= draft.printed.totalBytes;
}

function recordOf(draft: Draft, map: BlockMap | null): MemInfoRecord {
  const { firstLine, lastLine, startByte, endByte, cHeap, stack, printed } = draft;
  const tally = map?.tally() ?? null;
  const size = map?.blockSizeBytes ?? null;
  return {
    firstLine,
    lastLine,
    startByte,
    endByte,
    cHeap,
    stack,
    printed,
    heap: {
      totalBytes: printed?.totalBytes ?? (map?.blockCount ?? 0) * (size ?? 0),
      usedBytes: printed?.usedBytes ?? (tally?.usedBlocks ?? 0) * (size ?? 0),
      freeBytes: printed?.freeBytes ?? (tally?.freeBlocks ?? 0) * (size ?? 0),
      growableBytes: printed?.growableBytes ?? null,
    },
    blocks: {
      sizeBytes: size,
      total: map?.blockCount ?? null,
      oneBlock: printed?.blocks?.oneBlock ?? tally?.oneBlock ?? null,
      twoBlock: printed?.blocks?.twoBlock ?? tally?.twoBlock ?? null,
      largestUsed: printed?.blocks?.largestUsed ?? tally?.largestUsed ?? null,
      largestFree: printed?.blocks?.largestFree ?? tally?.largestFree ?? null,
    },
    map,
  };
}
