import type { ReadingView } from "../../client/views.ts";
import { sizeText } from "../../shared/units-text.ts";

/** What one must know to read the figures right; "" where there is nothing. */
export function heapNote(reading: ReadingView): string {
  const { growableBytes } = reading.heap;
  const notes = [
    growableBytes !== null &&
      growableBytes > 0 &&
      `This heap grows: up to ${sizeText(growableBytes)} more may be added, which is not counted as free.`,
    reading.largestFreeBytes === null &&
      "This firmware does not tell the largest free block, so whether the free memory is in one piece is unknown.",
  ];
  return notes.filter((note) => note !== false).join(" ");
}
