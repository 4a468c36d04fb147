import { collectionsWorth, materialFactor, mostPauseShare } from "../../analysis/collections-worth.ts";
import { medianOf } from "../../analysis/order-statistics.ts";
import { bytesText, durationText, pauseText } from "../../analysis/plain-text.ts";
import { leastSamples } from "../../shared/advice-text.ts";
import { type CurvePoint, type Finding, nothingMeasured, type Saving } from "../finding.ts";
import type { Allocation } from "./allocation.ts";
import { besideAnalysis } from "./beside-analysis.ts";
import { type BoardHistory, type CollectionSeen, methodOf } from "./board-history.ts";
import { confidenceBy } from "./confidence.ts";

/** The curve's points, as shares of the time in which the heap fills. */
const curveShares = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];
const blockBytes = 16;

type Worth = NonNullable<ReturnType<typeof collectionsWorth>>;

/**
 * Tip 5: how often a collection is worth its pause, by `collectionsWorth`, where that is three times as often as now or oftener; or a
 * third as often or less, where pauses take more of the board's time than they may. Null: as it is now is fine, or that cannot be told.
 */
export function collectPeriod(history: BoardHistory, allocation: Allocation | null): Finding | null {
  if (allocation === null || history.collections.length < leastSamples) return null;
  const { bytesPerSecond, samples, fillSeconds } = allocation;
  const ownBytesPerSecond = history.analysis.churn?.ownBytesPerSecond ?? null;
  const worth = collectionsWorth(history.collections, {
    bytesPerSecond,
    busyBytesPerSecond: bytesPerSecond,
    ownBytesPerSecond,
    cycles: samples,
  });
  const seconds = worth?.worthIntervalSeconds ?? null;
  if (worth === null || seconds === null || worth.intervalSeconds === null) return null;
  // A board whose heap is full sooner collects by itself.
  const nowSeconds = Math.min(worth.intervalSeconds, fillSeconds);
  const isTooRare = nowSeconds >= materialFactor * seconds;
  const pauseShareNow = worth.pauseMs === null ? 0 : worth.pauseMs / 1000 / nowSeconds;
  const isTooOften = pauseShareNow > mostPauseShare && seconds >= materialFactor * nowSeconds;
  if (!isTooRare && !isTooOften) return null;
  const rate = bytesPerSecond + (ownBytesPerSecond ?? 0);
  return {
    tip: 5,
    code: "collect-period",
    title: `${titleOf(worth, nowSeconds, seconds, allocation)}${besideAnalysis(history, allocation)}`,
    place: null,
    ...beforeAndAfter(history.collections, worth),
    others: [],
    saving: isTooRare ? savingOf(worth) : null,
    method: methodOf(history),
    change: isTooRare ? oftener(seconds, rate, allocation) : rarer(seconds, history.isHelper),
    confidence: confidenceBy(Math.min(samples, worth.count)),
    curve: curveOf(worth, allocation, rate, [nowSeconds, seconds]),
  };
}

function savingOf({ largestFreeGainBytes }: Worth): Saving | null {
  if (largestFreeGainBytes === null) return null;
  return { bytes: Math.round(largestFreeGainBytes), of: "largest-free", atMost: true };
}

function titleOf(
  worth: Worth,
  nowSeconds: number,
  seconds: number,
  { fillSeconds, isLowerBound }: Allocation,
): string {
  const orOftener = isLowerBound ? " or oftener" : "";
  const { reclaimedBytes, largestFreeGainBytes, pauseMs, count } = worth;
  const gain =
    largestFreeGainBytes !== null && largestFreeGainBytes > 0
      ? ` and makes the largest free block ${bytesText(largestFreeGainBytes)} larger`
      : "";
  const pause = pauseMs === null ? "" : ` for a pause of ${pauseText(pauseMs)}`;
  const now =
    nowSeconds === fillSeconds
      ? `the heap is full of garbage, and collected, every ${durationText(nowSeconds)}${orOftener}`
      : `one runs every ${durationText(nowSeconds)}`;
  return `A collection frees ${bytesText(reclaimedBytes)}${gain}${pause} (median of ${count}). Now ${now}; every ${durationText(seconds)}${orOftener} is when one is worth its pause.`;
}

function oftener(seconds: number, rate: number, { isLowerBound }: Allocation): string {
  const threshold = Math.max(blockBytes, Math.floor((rate * seconds) / blockBytes) * blockBytes);
  return `Put gc.threshold(${threshold}) at the start of main.py: the board then collects each time that ${bytesText(threshold)} have been allocated, here every ${durationText(seconds)}${isLowerBound ? " or oftener" : ""}, and not only when an allocation finds no room. Or call gc.collect() that often at a moment that suits the application.`;
}

function rarer(seconds: number, isHelper: boolean): string {
  const where = isHelper
    ? "the helper collects with every collect_every-th report, heapscope.start(collect_every=…)"
    : `where heapscope collects, collectIntervalSeconds: ${Math.max(1, Math.round(seconds))}`;
  return `Collect every ${durationText(seconds)}: ${where}.`;
}

/** Medians of the same collections as in `worth`. */
function beforeAndAfter(
  collections: readonly CollectionSeen[],
  { count, fragmentationBefore, fragmentationAfter, pauseMs }: Worth,
): Pick<Finding, "before" | "after"> {
  const known = collections
    .slice(-count)
    .flatMap(({ largestFreeBytes: after, largestFreeGainBytes: gain }) => {
      return after === null || gain === null ? [] : [{ before: after - gain, after }];
    });
  return {
    before: {
      ...nothingMeasured,
      label: "before a collection",
      largestFreeBytes: medianOf(known.map(({ before }) => before)),
      fragmentation: fragmentationBefore,
    },
    after: {
      ...nothingMeasured,
      label: "after it",
      largestFreeBytes: medianOf(known.map(({ after }) => after)),
      fragmentation: fragmentationAfter,
      pauseMs,
    },
  };
}

/** Garbage and pauses by the period, the present and the recommended one among them. Empty where pauses are unknown. */
function curveOf(
  { pauseMs }: Worth,
  { fillSeconds, freeBytes }: Allocation,
  rate: number,
  periods: readonly number[],
): readonly CurvePoint[] {
  if (pauseMs === null) return [];
  const shares = Number.isFinite(fillSeconds) ? curveShares : [];
  const seconds = [...new Set([...shares.map((share) => share * fillSeconds), ...periods])];
  return seconds
    .sort((one, other) => one - other)
    .map((everySeconds) => ({
      everySeconds,
      reclaimedBytes: Math.round(Math.min(freeBytes, rate * everySeconds)),
      pauseShare: pauseMs / 1000 / everySeconds,
    }));
}
