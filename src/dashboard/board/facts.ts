import type { BoardView } from "../../client/views.ts";
import { countText, everyText, millisecondsText, sizeText } from "../../shared/units-text.ts";
import { helperFacts } from "./helper-facts.ts";

/** What is known of the board itself, as names and values for people. */
export function factsOf(board: BoardView): readonly (readonly [name: string, value: string])[] {
  const { facts, counts, lastReading, probeGarbageBytes, readIntervalMs } = board;
  const unknown = facts === null ? unknownText(board.state.kind) : "not told";
  const time = lastReading?.durationMs ?? null;
  const asked = [
    ["Read every", readIntervalMs === null ? "not known" : everyText(readIntervalMs)],
    [
      "Board time per reading",
      time === null
        ? "not known"
        : `${millisecondsText(time)} for the newest one, its way through the port included`,
    ],
    [
      "Garbage per reading",
      probeGarbageBytes === null
        ? "not measured"
        : `${sizeText(probeGarbageBytes)}, until the next collection`,
    ],
  ] as const;
  return [
    ["Platform", facts === null ? unknown : `${facts.platform}${board.emulated ? " (emulated)" : ""}`],
    ["Firmware", facts?.firmware ?? unknown],
    ["Machine", facts?.machine ?? unknown],
    ["Unique id", facts?.uniqueId ?? unknown],
    ["Port", board.port],
    ["Id", board.id],
    ...(facts?.hasMemInfo === false
      ? [["Memory figures", "totals only: this firmware has no micropython.mem_info()"] as const]
      : []),
    ...(lastReading?.helper == null ? asked : helperFacts(lastReading.helper, readIntervalMs)),
    ["Since the daemon started", countsText(counts)],
  ];
}

function unknownText(state: BoardView["state"]["kind"]): string {
  return state === "helper"
    ? "not known: a board that reports by itself is not asked"
    : "not known yet: it has not answered";
}

/** Of two counts since the same start of the daemon, the later one: they only rise. */
export function newerCounts(
  one: BoardView["counts"],
  other: BoardView["counts"] | undefined,
): BoardView["counts"] {
  if (other === undefined) return one;
  return other.readings + other.missed >= one.readings + one.missed ? other : one;
}

function countsText(counts: BoardView["counts"]): string {
  const missed =
    counts.overlapped === 0
      ? `${counts.missed} missed`
      : `${counts.missed} missed (${counts.overlapped} while something else was asked)`;
  return [
    countText(counts.readings, "reading"),
    countText(counts.maps, "map"),
    countText(counts.collections, "collection"),
    missed,
    ...(counts.discarded > 0 ? [`${countText(counts.discarded, "answer")} discarded`] : []),
    countText(counts.restarts, "unasked restart"),
  ].join(", ");
}
