import { bytesText, durationText, pauseText, percentText } from "../../analysis/plain-text.ts";
import { leastSamples } from "../../shared/advice-text.ts";
import { type Finding, nothingMeasured } from "../finding.ts";
import type { Allocation } from "./allocation.ts";
import { besideAnalysis } from "./beside-analysis.ts";
import { type BoardHistory, methodOf } from "./board-history.ts";
import { confidenceBy } from "./confidence.ts";

/**
 * The free heap is full of garbage sooner than this: worth saying. MicroPython then stops the application for a collection more
 * than once a minute at moments that nobody chose, and each object that is meant to stay is placed somewhere among the garbage of
 * that minute, which is how free memory ends in pieces.
 */
const shortFillSeconds = 60;

/** Tip 4: how much garbage a watched board makes. Null: little, or that cannot be told. */
export function churnAdvice(history: BoardHistory, allocation: Allocation | null): Finding | null {
  if (allocation === null || allocation.samples < leastSamples) return null;
  const { bytesPerSecond, isLowerBound, fillSeconds, freeBytes, samples } = allocation;
  if (fillSeconds >= shortFillSeconds) return null;
  const pauseMs = history.analysis.collections?.pauseMs ?? null;
  const [about, orOftener] = isLowerBound ? ["at least ", " or oftener"] : ["about ", ""];
  const share = isLowerBound ? "" : `: ${percentText((pauseMs ?? 0) / 1000 / fillSeconds)} of its time`;
  const pauses = pauseMs === null ? "" : ` A collection pauses it for ${pauseText(pauseMs)}${share}.`;
  return {
    tip: 4,
    code: "churn",
    title: `The application allocates ${about}${bytesText(bytesPerSecond)} per second: the ${bytesText(freeBytes)} that are free after a collection are full of garbage every ${durationText(fillSeconds)}${orOftener}.${unseenText(history, allocation)}${pauses}`,
    place: null,
    before: { ...nothingMeasured, label: "as it is", bytesPerSecond, pauseMs },
    after: null,
    others: [],
    saving: isLowerBound
      ? { bytes: Math.round(bytesPerSecond), of: "each-second-or-more", atMost: false }
      : { bytes: Math.round(bytesPerSecond), of: "each-second", atMost: true },
    method: methodOf(history),
    change:
      "Allocate buffers once, before the loop, and fill them there: readinto, recv_into and pack_into in place of read, recv and pack, memoryview in place of slices, no strings built in the loop. heapscope advise PATH, with the application's source, names the lines.",
    confidence: confidenceBy(samples),
    curve: [],
  };
}

/** Why it may be more, and why the analysis has less. */
function unseenText(history: BoardHistory, allocation: Allocation): string {
  const unseen = allocation.isLowerBound
    ? " What it allocates around collections that the board makes by itself between two readings does not show."
    : "";
  return `${unseen}${besideAnalysis(history, allocation)}`;
}
