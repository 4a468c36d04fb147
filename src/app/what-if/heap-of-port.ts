import { freeRangesOf } from "../../heap/free-ranges.ts";
import { trustedGrowableBytes } from "../../heap/heap-growth.ts";
import { heapscopeError } from "../../shared/errors.ts";
import { readAroundCollection } from "../read-once.ts";
import type { WhatIfSubject } from "./subject.ts";

/** The heap of the board at `port` as it is, and after a collection, which is run. Throws the errors of `readOnce`, and `map-missing`. */
export async function heapOfPort(port: string, signal: AbortSignal): Promise<WhatIfSubject> {
  const { facts, port: url, before, after, growableBytes } = await readAroundCollection(port, signal);
  if (before === null || after === null) {
    throw heapscopeError("map-missing", { source: port, reason: "the board's firmware has no mem_info" });
  }
  return {
    name: facts.machine ?? facts.firmware,
    source: { kind: "port", port: url },
    now: freeRangesOf(before),
    collected: { kind: "known", free: freeRangesOf(after) },
    growableBytes: trustedGrowableBytes(growableBytes),
  };
}
