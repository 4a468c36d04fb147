import { medianOf } from "../../analysis/order-statistics.ts";
import { bytesText, durationText, percentText } from "../../analysis/plain-text.ts";
import { everyText } from "../../shared/units-text.ts";
import { type Finding, nothingMeasured } from "../finding.ts";
import { type Allocation, mostShare, tellingShare } from "./allocation.ts";
import { type BoardHistory, methodOf } from "./board-history.ts";
import { confidenceBy } from "./confidence.ts";

/** Intervals that a person would write, seconds. 0.1 is the shortest that the configuration takes. */
const roundSeconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600];
/** A board's time that reading may take. */
const mostReadingShare = 0.05;

/** Tip 1: whether the board is read often enough for what it allocates. Null: it is, or that cannot be told. */
export function readTooRarely(history: BoardHistory, allocation: Allocation | null): Finding | null {
  if (allocation === null || allocation.readSeconds === null) return null;
  const { bytesPerSecond, readSeconds, freeBytes, fillSeconds, isCollectedUnseen, samples } = allocation;
  if (!isCollectedUnseen && bytesPerSecond * readSeconds <= mostShare * freeBytes) return null;
  const wanted = Math.min(fillSeconds * mostShare, readSeconds / 2);
  const seconds = roundSeconds.findLast((round) => round <= wanted) ?? null;
  return {
    tip: 1,
    code: "read-too-rarely",
    title: titleOf(allocation, readSeconds),
    place: null,
    before: { ...nothingMeasured, label: `read every ${durationText(readSeconds)}`, bytesPerSecond },
    after: null,
    others: [],
    saving: null,
    method: methodOf(history),
    change: changeText(history, allocation, seconds),
    confidence: confidenceBy(samples),
    curve: [],
  };
}

function titleOf({ bytesPerSecond, freeBytes, ...allocation }: Allocation, readSeconds: number): string {
  const { isCollectedUnseen, isLowerBound, ownCollectionShare } = allocation;
  const betweenBytes = bytesPerSecond * readSeconds;
  const every = everyText(Math.round(readSeconds * 10) * 100);
  const much = `${isLowerBound ? "at least" : "about"} ${bytesText(betweenBytes)}: ${percentText(betweenBytes / freeBytes)} of the ${bytesText(freeBytes)} that are free after a collection`;
  const share =
    ownCollectionShare === null || ownCollectionShare < tellingShare
      ? ""
      : ` In ${percentText(ownCollectionShare)} of these intervals the board was seen to have collected by itself`;
  const unseen = isCollectedUnseen
    ? `${share}, and used memory goes down between readings about as often as up: it is collected about once between two readings, or oftener.`
    : share === ""
      ? ""
      : `${share}.`;
  return `Between two readings, ${every} apart, the application allocates ${much}.${unseen} How much was in use in between goes unseen.`;
}

/** The share of the board's time that a reading every `seconds` takes; null: not known. */
function costOf({ readings }: BoardHistory, seconds: number | null): number | null {
  const durations = readings.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  const medianMs = medianOf(durations);
  return seconds === null || medianMs === null ? null : medianMs / 1000 / seconds;
}

function changeText(
  history: BoardHistory,
  { fillSeconds, isLowerBound }: Allocation,
  seconds: number | null,
): string {
  const cost = costOf(history, seconds);
  const instead =
    "Allocate less (tip 4), or measure from inside at the places that matter: the helper reports where the application marks them (heapscope helper install PORT).";
  if (seconds === null)
    return `The free heap is full of garbage every ${durationText(fillSeconds)}${isLowerBound ? " or oftener" : ""}: no interval is short enough to see that. ${instead}`;
  if (cost !== null && cost > mostReadingShare)
    return `It would take a reading every ${durationText(seconds)}, which is ${percentText(cost)} of the board's time. ${instead}`;
  const share = cost === null ? "" : ` It takes ${percentText(cost)} of the board's time.`;
  const again = isLowerBound ? " Then look again: more of what it allocates shows only then." : "";
  return history.isHelper
    ? `Let its helper report more often: heapscope.start(interval=${seconds}), or task(interval=${seconds}), in main.py.${again}`
    : `Set readIntervalSeconds: ${seconds} for this board.${share}${again}`;
}
