import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { BlockMap } from "../../src/heap/block-map.ts";
import type { DumpProblem } from "../../src/heap/dump-problem.ts";
import type { Finding, MemInfoRecord } from "../../src/heap/mem-info-record.ts";
import { MemInfoParser, parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

const folder = resolve(import.meta.dirname, "../fixtures/dumps");

export const dumpNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .sort();

export function dumpBytes(name: string): Uint8Array {
  const file = dumpNames.find((candidate) => candidate.startsWith(name));
  if (file === undefined) throw new Error(`no dump ${name}`);
  return new Uint8Array(readFileSync(resolve(folder, file)));
}

export function parseText(text: string): readonly Finding[] {
  return parseMemInfo(bytesOf(text));
}

/** All findings when the input comes in pieces; `pieceLength` says how long the next one is. */
export function parsePieces(bytes: Uint8Array, pieceLength: () => number): readonly Finding[] {
  const parser = new MemInfoParser();
  const findings: Finding[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + pieceLength());
    // A copy, spoilt afterwards: the parser must not look at a chunk again.
    const piece = bytes.slice(at, end);
    findings.push(...parser.push(piece));
    piece.fill(0x21);
    at = end;
  }
  findings.push(...parser.end());
  return findings;
}

/** Findings as plain data that toEqual can compare: maps as their runs. */
export function plain(findings: readonly Finding[]): unknown {
  return findings.map((finding) =>
    finding.kind === "record"
      ? { ...finding.record, map: plainMap(finding.record.map) }
      : { problem: finding.problem, salvaged: finding.salvaged },
  );
}

function plainMap(map: BlockMap | null): unknown {
  return map && { areas: map.areas, size: map.blockSizeBytes, count: map.blockCount, runs: map.toPairs() };
}

export function recordsOf(findings: readonly Finding[]): MemInfoRecord[] {
  return findings.flatMap((finding) => (finding.kind === "record" ? [finding.record] : []));
}

export function problemsOf(findings: readonly Finding[]): DumpProblem[] {
  return findings.flatMap((finding) => (finding.kind === "problem" ? [finding.problem] : []));
}

/** The one record of `text`; throws where there is anything else. */
export function onlyRecord(text: string): MemInfoRecord {
  const findings = parseText(text);
  const [finding] = findings;
  if (findings.length !== 1 || finding?.kind !== "record") throw new Error(JSON.stringify(plain(findings)));
  return finding.record;
}

/** The one problem of `text`; throws where there is anything else. */
export function onlyProblem(text: string): { problem: DumpProblem; salvaged: MemInfoRecord | null } {
  const findings = parseText(text);
  const [finding] = findings;
  if (findings.length !== 1 || finding?.kind !== "problem") throw new Error(JSON.stringify(plain(findings)));
  return finding;
}

/** Mulberry32, 0 … 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
