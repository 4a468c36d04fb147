import type { ReadingView } from "../../client/views.ts";
import { idfTotals } from "../../shared/idf-totals.ts";
import { countText, everyText, sizeText } from "../../shared/units-text.ts";

type Helper = NonNullable<ReadingView["helper"]>;
type Facts = readonly (readonly [name: string, value: string])[];

/** What the helper's newest report says beside the heap; what the firmware does not tell is left out. */
export function helperFacts(
  { run, sequence, gcThreshold, peakBytes, idfHeap }: Helper,
  reportIntervalMs: number | null,
): Facts {
  return [
    ["Reports", reportIntervalMs === null ? "by itself" : `by itself, every ${everyText(reportIntervalMs)}`],
    ["Newest report", `number ${sequence} since its helper started (run ${run})`],
    ...(gcThreshold === null ? [] : [["Collects by itself", thresholdText(gcThreshold)] as const]),
    ...(peakBytes === null ? [] : [["Most heap ever used", sizeText(peakBytes)] as const]),
    ...(idfHeap === null || idfHeap.length === 0 ? [] : systemHeap(idfHeap)),
  ];
}

function thresholdText(bytes: number): string {
  return bytes < 0
    ? "when an allocation finds no room (gc.threshold: none)"
    : `after every ${sizeText(bytes)} that is allocated (gc.threshold)`;
}

function systemHeap(regions: NonNullable<Helper["idfHeap"]>): Facts {
  const { freeBytes, largestFreeBytes } = idfTotals(regions);
  const totalBytes = regions.reduce((sum, region) => sum + region.totalBytes, 0);
  const all = `${sizeText(freeBytes ?? 0)} of ${sizeText(totalBytes)} free in ${countText(regions.length, "region")}, the largest block ${sizeText(largestFreeBytes ?? 0)}`;
  return [
    ["ESP32 system heap", all],
    ...regions.map(
      (region, at) =>
        [
          `… region ${at + 1}`,
          `${sizeText(region.freeBytes)} of ${sizeText(region.totalBytes)} free, the largest block ${sizeText(region.largestFreeBytes)}; never less than ${sizeText(region.minimumFreeBytes)} free`,
        ] as const,
    ),
  ];
}
