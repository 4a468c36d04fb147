import { bytesText } from "../../analysis/plain-text.ts";
import type { Allocation } from "./allocation.ts";
import type { BoardHistory } from "./board-history.ts";

/** The analysis' figure is another one where it is less than this share of ours. */
const mostAlike = 0.8;

/** A sentence on why the analysis, which knows collections of ours only, reckons with less; "" where it does not. */
export function besideAnalysis(
  { analysis: { churn } }: BoardHistory,
  { bytesPerSecond }: Allocation,
): string {
  if (churn === null || churn.bytesPerSecond > mostAlike * bytesPerSecond) return "";
  return ` The analysis reckons with ${bytesText(churn.bytesPerSecond)} per second, which is what heapscope's own collections leave to see of it: the board collects by itself in between.`;
}
