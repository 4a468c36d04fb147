import type { MarkView, ReadingView } from "../../../src/client/views.ts";
import { sampleReading, sampleTime } from "../../support/samples.ts";

const beginMs = Date.parse(sampleTime);
const atOf = (id: number): string => new Date(beginMs + id * 1000).toISOString();

/** Mark number `id`, so many seconds after the sample time. */
export function sampleMark(id: number, change: Partial<MarkView>): MarkView {
  return {
    readingId: id,
    boardId: "e6614103e7452d2f",
    at: atOf(id),
    kind: "point",
    label: "here",
    run: "a1",
    sequence: id,
    usedBytes: 8848,
    largestFreeBytes: 236848,
    cost: null,
    ...change,
  };
}

/** The same as the feed tells it: the reading that was taken there. */
export function sampleMarked(id: number, mark: { readonly label: string }): ReadingView {
  const helper = {
    run: "a1",
    sequence: id,
    ticksMs: 0,
    mark: { kind: "point" as const, ...mark },
    gcThreshold: null,
    peakBytes: null,
    idfHeap: null,
  };
  return sampleReading({ id, at: atOf(id), source: "helper", helper });
}
