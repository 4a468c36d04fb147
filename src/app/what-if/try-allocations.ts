import { type WhatIf, whatIf } from "../../heap/what-if.ts";
import type { WhatIfSubject } from "./subject.ts";

/** What would become of allocations of `sizes` (bytes, each 1 or more) in that heap, in this order. */
export function tryAllocations(
  { now, collected, growableBytes }: WhatIfSubject,
  sizes: readonly number[],
): WhatIf {
  return whatIf({ now, collected: collected.kind === "known" ? collected.free : null, growableBytes }, sizes);
}
