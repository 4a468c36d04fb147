import { createReadStream } from "node:fs";
import type { BlockMap } from "../heap/block-map.ts";
import type { DumpProblem } from "../heap/dump-problem.ts";
import { figuresOf } from "../heap/figures.ts";
import type { Finding, MemInfoRecord } from "../heap/mem-info-record.ts";
import { MemInfoParser } from "../heap/parse-mem-info.ts";
import type { Reading } from "../heap/reading.ts";
import { type FigureDifference, reconcile } from "../heap/reconcile.ts";
import { heapscopeError } from "../shared/errors.ts";

export type { BlockMap } from "../heap/block-map.ts";
export type { DumpProblem } from "../heap/dump-problem.ts";
export type { Reading } from "../heap/reading.ts";
export type { FigureDifference } from "../heap/reconcile.ts";

/** One dump in a file, whole or damaged. */
export type Analyzed =
  | {
      readonly kind: "reading";
      readonly file: string;
      /** 1-based: where the dump begins. */
      readonly line: number;
      readonly reading: Reading;
      readonly map: BlockMap | null;
      /** Where header and map disagree. */
      readonly differences: readonly FigureDifference[];
    }
  | {
      readonly kind: "problem";
      readonly file: string;
      /** 1-based: where it went wrong. */
      readonly line: number;
      readonly problem: DumpProblem;
      /** What the dump's header says, where that adds up by itself. */
      readonly salvaged: Reading | null;
    };

/** Pieces in which a file is read, bytes. */
const chunkBytes = 64 * 1024;

/** Every dump in a file, in order; the file is never in memory as a whole. Throws `file-unreadable`. */
export async function* analyzeFile(file: string): AsyncGenerator<Analyzed, void, undefined> {
  try {
    yield* analyzeBytes(file, createReadStream(file, { highWaterMark: chunkBytes }));
  } catch (error) {
    throw heapscopeError("file-unreadable", { file, reason: readFailure(error) });
  }
}

/** The same for bytes that come from elsewhere; `name` stands for the file. Throws what `chunks` throws. */
export async function* analyzeBytes(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Analyzed, void, undefined> {
  const parser = new MemInfoParser();
  for await (const chunk of chunks) for (const finding of parser.push(chunk)) yield analyzed(name, finding);
  for (const finding of parser.end()) yield analyzed(name, finding);
}

function analyzed(file: string, finding: Finding): Analyzed {
  if (finding.kind === "problem") {
    const { problem, salvaged } = finding;
    return {
      kind: "problem",
      file,
      line: problem.line,
      problem,
      salvaged: salvaged === null ? null : readingOf(salvaged),
    };
  }
  const { record } = finding;
  const verdict = reconcile(record);
  if (verdict.kind === "corrupt") {
    const { problem } = verdict;
    return { kind: "problem", file, line: problem.line, problem, salvaged: headerReading(record) };
  }
  return {
    kind: "reading",
    file,
    line: record.firstLine,
    reading: readingOf(record),
    map: record.map,
    differences: verdict.kind === "unverified" ? verdict.differences : [],
  };
}

/** The header alone, where its own figures add up. */
function headerReading(record: MemInfoRecord): Reading | null {
  const { totalBytes, usedBytes, freeBytes } = record.heap;
  return record.printed !== null && usedBytes + freeBytes === totalBytes ? readingOf(record) : null;
}

/** A file says neither which board it was nor when. */
function readingOf(record: MemInfoRecord): Reading {
  return {
    id: null,
    boardId: null,
    at: null,
    source: "file",
    phase: "on-demand",
    durationMs: null,
    wireBytes: null,
    helper: null,
    ...figuresOf(record),
  };
}

function readFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "no permission";
  return error instanceof Error ? error.message : String(error);
}
