import { medianOf } from "../../analysis/order-statistics.ts";
import { bytesText, durationText, percentText } from "../../analysis/plain-text.ts";
import { everyText } from "../../shared/units-text.ts";
import { type Finding, nothingMeasured } from "../finding.ts";
import type { Allocation } from "./allocation.ts";
import { type BoardHistory, methodOf } from "./board-history.ts";
import { confidenceBy } from "./confidence.ts";

/**
 * What may be allocated between two readings, as a share of what is free after a collection. Used memory climbs until the heap is
 * full and falls with the collection; a saw-tooth shows as one only with two readings in each tooth (the sampling theorem), so
 * half of it. Beyond that, neither the peaks nor their number can be told from the readings.
 */
const mostShare = 0.5;
/** Of intervals in which the board collected by itself: worth saying. */
const tellingShare = 0.1;
/** Intervals that a person would write, seconds. 0.1 is the shortest that the configuration takes. */
const roundSeconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600];
/** A board's time that reading may take. */
const mostReadingShare = 0.05;

/** Tip 1: whether the board is read often enough for what it allocates. Null: it is, or that cannot be told. */
export function readTooRarely(history: BoardHistory, allocation: Allocation | null): Finding | null {
  if (allocation === null || allocation.readSeconds === null) return null;
  const { bytesPerSecond, readSeconds, freeBytes, fillSeconds, ownCollectionShare, samples } = allocation;
  const betweenBytes = bytesPerSecond * readSeconds;
  const isTooMuch = betweenBytes > mostShare * freeBytes;
  const isUnseen = ownCollectionShare !== null && ownCollectionShare > mostShare;
  if (!isTooMuch && !isUnseen) return null;
  const wanted = Math.min(fillSeconds * mostShare, readSeconds / 2);
  const seconds = roundSeconds.findLast((round) => round <= wanted) ?? null;
  const unseen =
    ownCollectionShare === null || ownCollectionShare < tellingShare
      ? ""
      : ` In ${percentText(ownCollectionShare)} of these intervals the board collected by itself.`;
  return {
    tip: 1,
    code: "read-too-rarely",
    title: `Between two readings, ${everyText(Math.round(readSeconds * 10) * 100)} apart, the application allocates about ${bytesText(betweenBytes)}: ${percentText(betweenBytes / freeBytes)} of the ${bytesText(freeBytes)} that are free after a collection.${unseen} How much was in use in between goes unseen.`,
    place: null,
    before: { ...nothingMeasured, label: `read every ${durationText(readSeconds)}`, bytesPerSecond },
    after: null,
    others: [],
    saving: null,
    method: methodOf(history),
    change: changeText(history.isHelper, seconds, costOf(history, seconds), fillSeconds),
    confidence: confidenceBy(samples),
    curve: [],
  };
}

/** The share of the board's time that a reading every `seconds` takes; null: not known. */
function costOf({ readings }: BoardHistory, seconds: number | null): number | null {
  const durations = readings.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  const medianMs = medianOf(durations);
  return seconds === null || medianMs === null ? null : medianMs / 1000 / seconds;
}

function changeText(
  isHelper: boolean,
  seconds: number | null,
  cost: number | null,
  fillSeconds: number,
): string {
  const instead = `Allocate less (tip 4), or measure from inside at the places that matter: the helper reports where the application marks them (heapscope helper install PORT).`;
  if (seconds === null)
    return `The free heap is full of garbage every ${durationText(fillSeconds)}: no interval is short enough to see that. ${instead}`;
  if (cost !== null && cost > mostReadingShare)
    return `It would take a reading every ${durationText(seconds)}, which is ${percentText(cost)} of the board's time. ${instead}`;
  const share = cost === null ? "" : ` It takes ${percentText(cost)} of the board's time.`;
  return isHelper
    ? `Let its helper report more often: heapscope.start(interval=${seconds}), or task(interval=${seconds}), in main.py.`
    : `Set readIntervalSeconds: ${seconds} for this board.${share}`;
}
