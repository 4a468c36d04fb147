import type { Finding } from "../finding.ts";

/** What was computed from a board's history is not compared with a second form, so it is medium at best. */
const mediumSamples = 30;

/** By how many cycles or intervals a figure is the median of. */
export function confidenceBy(samples: number): Finding["confidence"] {
  return samples >= mediumSamples ? "medium" : "low";
}

/** What was counted, not estimated: by how long it was looked at. */
export function confidenceByTime(ms: number): Finding["confidence"] {
  if (ms >= 86_400_000) return "high";
  return ms >= 3_600_000 ? "medium" : "low";
}
