import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readTranscript, type Transcript } from "./transcript.ts";
import type { DaemonResult } from "./transcript-daemon.ts";
import type { MachineResult } from "./transcript-machine.ts";

export const transcriptsFolder = resolve(import.meta.dirname, "../transcripts");

/** What a case is, and what comes of it: `expected.json`. */
export interface ExpectedFile {
  readonly about: CaseAbout;
  /** Configuration of the daemon beside address, database and board, as in its file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** One per connection. */
  readonly machine: readonly MachineResult[];
  /** Null: it is no recording of the daemon, but of `read`; or with a configuration that nobody knows. */
  readonly daemon: DaemonResult | null;
}

export interface CaseAbout {
  readonly board: string;
  readonly firmware: string;
  /** UTC day of the recording. */
  readonly date: string;
  readonly source: string;
  /** What this case is there for. */
  readonly shows: string;
}

export interface TranscriptCase extends ExpectedFile {
  readonly name: string;
  /** `wire.jsonl`, `wire-2.jsonl` …: a recording per connection. */
  readonly wires: readonly Transcript[];
}

export function caseNames(): readonly string[] {
  const entries = readdirSync(transcriptsFolder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

export function readCase(name: string): TranscriptCase {
  const folder = join(transcriptsFolder, name);
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as ExpectedFile;
  return { name, wires: readWires(folder), ...expected };
}

export function readWires(folder: string): readonly Transcript[] {
  const count = readdirSync(folder).filter((file) => /^wire(-\d+)?\.jsonl$/.test(file)).length;
  return Array.from({ length: count }, (_, index) => readTranscript(join(folder, wireFile(index))));
}

/** The recording of the connection with that index. */
export function wireFile(index: number): string {
  return index === 0 ? "wire.jsonl" : `wire-${index + 1}.jsonl`;
}
