import { readFileSync, statSync } from "node:fs";
import { figuresOf } from "../heap/figures.ts";
import { MemInfoParser } from "../heap/parse-mem-info.ts";
import { reconcile } from "../heap/reconcile.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { NewEvent } from "../store/store-types.ts";

export interface DumpPlace {
  readonly boardId: string;
  /** UTC, ISO 8601, of the first dump; null: the last one is as old as the file. */
  readonly at: string | null;
  /** Between two dumps. */
  readonly everySeconds: number;
}

export interface ImportedDumps {
  readonly events: readonly NewEvent[];
  /** Dumps that do not add up and were left out. */
  readonly damaged: number;
}

/** Larger texts are refused: they are read as a whole. */
const mostBytes = 512 * 1024 * 1024;

/**
 * Every heap dump of a text as a reading, by the same parser and checks as a board's answers. A text says neither which
 * board printed it nor when: `place` does. Throws `file-unreadable`.
 */
export function readDumps(file: string, { boardId, at, everySeconds }: DumpPlace): ImportedDumps {
  const { size, mtimeMs } = statSync(file);
  if (size > mostBytes) {
    throw heapscopeError("file-unreadable", {
      file,
      reason: `it is larger than ${mostBytes / 1024 / 1024} MiB`,
    });
  }
  const bytes = readFileSync(file);
  const parser = new MemInfoParser();
  const readings: { figures: ReturnType<typeof figuresOf>; dump: Uint8Array | undefined }[] = [];
  let damaged = 0;
  let blockSizeBytes: number | null = null;
  for (const finding of [...parser.push(bytes), ...parser.end()]) {
    const verdict = finding.kind === "record" ? reconcile(finding.record) : null;
    if (finding.kind === "problem" || verdict === null || verdict.kind === "corrupt") {
      damaged++;
      continue;
    }
    const { record } = finding;
    const figures = figuresOf(record, blockSizeBytes, verdict);
    blockSizeBytes = figures.blocks.sizeBytes ?? blockSizeBytes;
    const dump =
      record.map === null ? undefined : new Uint8Array(bytes.subarray(record.startByte, record.endByte));
    readings.push({ figures, dump });
  }
  const firstMs = at === null ? mtimeMs - (readings.length - 1) * everySeconds * 1000 : Date.parse(at);
  const events = readings.map(({ figures, dump }, index): NewEvent => {
    const data = {
      id: null,
      boardId,
      at: new Date(Math.round(firstMs + index * everySeconds * 1000)).toISOString(),
      source: "file" as const,
      phase: "on-demand" as const,
      durationMs: null,
      wireBytes: null,
      helper: null,
      ...figures,
    };
    return { type: "reading", data, ...(dump && { dump }) };
  });
  return { events, damaged };
}
