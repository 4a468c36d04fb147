import { growthFinding, letterNames, pinFinding } from "../../analysis/findings.ts";
import { type TypeGrowth, typeGrowth } from "../../analysis/growth.ts";
import { survivors } from "../../analysis/survivors.ts";
import type { BoardFacts } from "../../board/board-status.ts";
import type { SoakObserved } from "./observed.ts";
import { type SoakCheck, type SoakJudgement, soakTrend } from "./soak-verdict.ts";

/** What `heapscope soak` ends in, for people and, as one line of JSON, for programs. Bytes, seconds, UTC. */
export interface SoakReport extends SoakJudgement {
  /** Ctrl-C ended the run: the verdict is of what was seen until then. */
  readonly cutShort: boolean;
  readonly port: string;
  /** True for the bundled emulated board. */
  readonly emulated: boolean;
  readonly boardId: string;
  /** Null where the board was not asked: its application reports by itself. */
  readonly firmware: string | null;
  readonly machine: string | null;
  readonly application: { readonly name: string; readonly sha256: string | null };
  /** UTC, ISO 8601: of the first reading. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly secondsAsked: number;
  readonly readings: number;
  readonly collections: number;
  readonly missed: number;
  readonly overlapped: number;
  readonly restarts: number;
  /** Where to look, in plain sentences: growth by type, and what keeps gaps apart. */
  readonly hints: readonly string[];
  /** What became of the baseline: a sentence; null = none was named. */
  readonly baseline: string | null;
}

/** Who was watched. */
export interface SoakSubject {
  readonly port: string;
  readonly emulated: boolean;
  readonly boardId: string;
  readonly facts: BoardFacts | null;
  readonly application: SoakReport["application"];
  readonly secondsAsked: number;
}

export function soakReport(
  subject: SoakSubject,
  observed: SoakObserved,
  judgement: SoakJudgement,
  end: Pick<SoakReport, "cutShort" | "baseline">,
): SoakReport {
  const { facts, ...rest } = subject;
  return {
    ...judgement,
    ...rest,
    ...end,
    firmware: facts?.firmware ?? null,
    machine: facts?.machine ?? null,
    startedAt: new Date(observed.startMs).toISOString(),
    seconds: Math.round(observed.endMs - observed.startMs) / 1000,
    readings: observed.readings,
    collections: observed.points.length,
    missed: observed.missed.length,
    overlapped: observed.overlapped,
    restarts: observed.restartsMs.length,
    hints: hintsOf(observed, judgement),
  };
}

/** A check that a report of its own makes unknown: no figures, no guess. */
export function unknownCheck(name: SoakCheck["name"], sentence: string): SoakCheck {
  return { name, state: "unknown", sentence };
}

function hintsOf({ types, newestMaps, restartsMs }: SoakObserved, { figures }: SoakJudgement): string[] {
  const growth = typeGrowth(types, restartsMs, soakTrend);
  const leak = figures.growth && {
    significant: figures.growth.significant,
    slopeBytesPerHour: figures.growth.bytesPerHour,
  };
  return [
    growthFinding({ leak, growth }) ?? (leak?.significant ? likelyType(growth[0]) : null),
    pinFinding(survivors(newestMaps)[0], figures.totalBytes ?? 0),
  ].filter((sentence) => sentence !== null);
}

/** In a short run the maps are too few to be sure of a type, and whoever looks for a leak still wants to begin somewhere. */
function likelyType(growth: TypeGrowth | undefined): string | null {
  if (growth === undefined || growth.blocksPerHour <= 0) return null;
  const { letter, maps, blocks } = growth;
  const name = letterNames[letter];
  return `In ${maps} maps, blocks of type ${letter}${name === undefined ? "" : ` (${name})`} grew most; there are ${blocks} now. So few maps make that a hint, no certainty.`;
}
