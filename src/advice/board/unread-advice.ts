import { durationText, percentText } from "../../analysis/plain-text.ts";
import { countText } from "../../shared/units-text.ts";
import type { Finding, FindingCode } from "../finding.ts";
import { type BoardHistory, methodOf } from "./board-history.ts";
import { confidenceByTime } from "./confidence.ts";
import { type Unread, type UnreadTime, unreadTime } from "./unread-time.ts";

/** Less than this share of the watched time, or than five minutes of it, is no matter. */
const leastShare = 0.05;
const leastMs = 300_000;
const shownCauses = 3;

/** Tip 1: how much of the time a board was to be read it was not, and why. Empty: little, or nothing is known. */
export function unreadAdvice(history: BoardHistory): readonly Finding[] {
  const time = unreadTime(history.watching, history.toMs);
  if (time === null) return [];
  const { held, away, failing } = time.unread;
  const { isIdentified } = history.watching;
  return [
    isMuch(held, time) ? heldFinding(history, time, held) : null,
    // What never said that it is MicroPython may be anything that is plugged in at times.
    isIdentified && isMuch(sumOf(away, failing), time) ? holesFinding(history, time) : null,
  ].filter((finding) => finding !== null);
}

function isMuch({ totalMs }: Pick<Unread, "totalMs">, { watchedMs }: UnreadTime): boolean {
  return totalMs >= leastMs && totalMs >= leastShare * watchedMs;
}

function sumOf(one: Unread, other: Unread): Pick<Unread, "totalMs" | "longestMs"> {
  return {
    totalMs: one.totalMs + other.totalMs,
    longestMs: Math.max(one.longestMs, other.longestMs),
  };
}

function heldFinding(history: BoardHistory, time: UnreadTime, held: Unread): Finding {
  const { isIdentified } = history.watching;
  const finding = watchFinding(history, time, "not-watched-while-running", {
    title: isIdentified
      ? `A program held the prompt, and the heap could not be read, for ${lengthText(held, time)}. What the application needs while it runs is not in the history.`
      : `No prompt answered, so the heap could not be read, for ${lengthText(held, time)}. A program holds the prompt, or it is no MicroPython board: it has never said.`,
    change:
      "Let the application report by itself: heapscope helper install PORT, then import heapscope; heapscope.start() in main.py. Where a short stop does no harm, whenBusy: restart or resume lets heapscope interrupt it for each reading instead.",
  });
  return isIdentified ? finding : { ...finding, confidence: "low" };
}

function holesFinding(history: BoardHistory, time: UnreadTime): Finding {
  const { away, failing } = time.unread;
  const reasons = [
    away.totalMs > 0 ? `its port was gone for ${durationText(away.totalMs / 1000)}` : null,
    failing.totalMs > 0
      ? `for ${durationText(failing.totalMs / 1000)} it did not answer, or not whole${causesText(failing)}`
      : null,
  ].filter((reason) => reason !== null);
  const isAway = away.totalMs >= failing.totalMs;
  return watchFinding(history, time, "holes-in-history", {
    title: `The board was not read for ${lengthText(sumOf(away, failing), time)}: ${reasons.join("; ")}.`,
    change: isAway
      ? "Look at its cable, its hub and its power supply, or for what else opens its port (heapscope ports). An alert on unreachable tells when it happens."
      : "Look at the line (baud rate, cable length, ground) and at what the board prints meanwhile (heapscope console). Where its program keeps it from answering, the helper reports from inside it (heapscope helper install PORT).",
  });
}

function watchFinding(
  history: BoardHistory,
  { watchedMs }: UnreadTime,
  code: FindingCode,
  { title, change }: Pick<Finding, "title" | "change">,
): Finding {
  return {
    tip: 1,
    code,
    title,
    place: null,
    before: null,
    after: null,
    others: [],
    saving: null,
    method: methodOf(history),
    change,
    confidence: confidenceByTime(watchedMs),
    curve: [],
  };
}

/** "7 h of the 24 h that it was watched (29.2 %), 3 h at the longest". */
function lengthText(
  { totalMs, longestMs }: Pick<Unread, "totalMs" | "longestMs">,
  { watchedMs }: UnreadTime,
): string {
  const longest =
    longestMs === totalMs ? "in one stretch" : `${durationText(longestMs / 1000)} at the longest`;
  return `${durationText(totalMs / 1000)} of the ${durationText(watchedMs / 1000)} that it was watched (${percentText(totalMs / watchedMs)}), ${longest}`;
}

function causesText({ causes }: Unread): string {
  const shown = causes
    .slice(0, shownCauses)
    .map(({ cause, count }) => `${cause} ${countText(count, "time")}`);
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}
