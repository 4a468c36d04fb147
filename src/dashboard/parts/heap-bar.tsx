import type { ReadingView } from "../../client/views.ts";
import { percentText, sizeText } from "../../shared/units-text.ts";

/** used | free in smaller pieces | the largest free run, to scale; in words for who cannot see it. */
export function HeapBar({ reading }: { readonly reading: ReadingView }) {
  const { totalBytes, usedBytes, freeBytes } = reading.heap;
  const largest = Math.min(reading.largestFreeBytes ?? 0, freeBytes);
  const share = (bytes: number): string => `${totalBytes > 0 ? (bytes / totalBytes) * 100 : 0}%`;
  const words =
    `${sizeText(usedBytes)} used, ${sizeText(freeBytes)} free of ${sizeText(totalBytes)}` +
    (reading.largestFreeBytes === null ? "" : `, largest free block ${sizeText(largest)}`);
  return (
    <span class="heap-bar" role="img" aria-label={words} title={words}>
      <span class="heap-bar-used" style={{ width: share(usedBytes) }} />
      <span class="heap-bar-pieces" style={{ width: share(freeBytes - largest) }} />
      <span class="heap-bar-largest" style={{ width: share(largest) }} />
    </span>
  );
}

/** The fragmentation in words; a dash where the firmware does not tell. */
export function fragmentationText(reading: ReadingView): string {
  return reading.fragmentation === null ? "–" : percentText(reading.fragmentation);
}
