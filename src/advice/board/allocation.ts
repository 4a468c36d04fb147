import { medianOf } from "../../analysis/order-statistics.ts";
import { usualGapMs } from "../../analysis/series.ts";
import { leastSamples } from "../../shared/advice-text.ts";
import type { BoardHistory, ReadingSeen } from "./board-history.ts";

/** How fast the board's application allocates, beside what is free for it. */
export interface Allocation {
  /** The application's own; heapscope's readings are taken off where their cost is known. */
  readonly bytesPerSecond: number;
  /** The heap fills, or is collected, about once between two readings or oftener, so that only part of it shows. */
  readonly isLowerBound: boolean;
  /** Cycles or intervals that it is the median or mean of. */
  readonly samples: number;
  /** Free right after a collection, median. */
  readonly freeBytes: number;
  /** Until garbage has taken all of that, at the latest where `isLowerBound`; Infinity where nothing is allocated. */
  readonly fillSeconds: number;
  /** Usual time between two readings; null: there are too few. */
  readonly readSeconds: number | null;
  /** Share of the times between two readings in which the board collected by itself; null: too few to tell. */
  readonly ownCollectionShare: number | null;
  /** Used memory goes down between two readings about as often as up: it is collected about once in between, or oftener. */
  readonly isCollectedUnseen: boolean;
}

/**
 * What may be allocated between two readings, as a share of what is free after a collection. Used memory climbs until the heap is
 * full and falls with the collection; a saw-tooth shows as one only with two readings in each tooth (the sampling theorem), so
 * half of it. Beyond that, neither the peaks nor their number can be told from the readings.
 */
export const mostShare = 0.5;
/** Of intervals in which the board collected by itself: worth saying. */
export const tellingShare = 0.05;
/** Used memory that moved by this share of the free heap rose, or fell: without a collection of ours, the board collected by itself. */
const movedShare = 0.1;
/**
 * A saw-tooth with n readings in each tooth falls once in n. Where readings meet it at random they fall as often as they rise: one
 * half, whatever the number of teeth in between; something less for chance.
 */
const unseenFallShare = 0.4;
/** Readings further apart than so many usual gaps span a hole. */
const longGaps = 3;

/**
 * From what used memory grows by between collections (`analysis/churn`), and between two readings in a row. The greater counts: both
 * are lower bounds where the board collects by itself meanwhile, and readings come more often. Null: too little is known.
 */
export function allocationOf({ analysis, collections, readings }: BoardHistory): Allocation | null {
  const freeBytes = medianOf(collections.map((collection) => collection.freeBytes));
  if (freeBytes === null || freeBytes <= 0) return null;
  const { churn } = analysis;
  const own = churn?.ownBytesPerSecond ?? 0;
  const liveBytes = medianOf(collections.map((collection) => collection.usedBytes)) ?? 0;
  const between = betweenReadings(readings, freeBytes, liveBytes);
  const byReadings = between.samples >= leastSamples ? between.bytesPerSecond : null;
  const byCycles = churn !== null && churn.cycles >= leastSamples ? churn.bytesPerSecond : null;
  if (byReadings === null && byCycles === null) return null;
  const ofReadings = Math.max(0, (byReadings ?? 0) - own);
  const isByReadings = byCycles === null || ofReadings > byCycles;
  const bytesPerSecond = isByReadings ? ofReadings : byCycles;
  const readSeconds = between.usualMs === null ? null : between.usualMs / 1000;
  return {
    bytesPerSecond,
    isLowerBound: between.isCollectedUnseen || bytesPerSecond * (readSeconds ?? 0) > mostShare * freeBytes,
    samples: isByReadings ? between.samples : (churn?.cycles ?? 0),
    freeBytes,
    fillSeconds: bytesPerSecond > 0 ? freeBytes / bytesPerSecond : Number.POSITIVE_INFINITY,
    readSeconds,
    ownCollectionShare: between.ownCollectionShare,
    isCollectedUnseen: between.isCollectedUnseen,
  };
}

interface Between {
  readonly usualMs: number | null;
  readonly bytesPerSecond: number | null;
  readonly samples: number;
  readonly ownCollectionShare: number | null;
  readonly isCollectedUnseen: boolean;
}

interface Step {
  readonly seconds: number;
  readonly bytes: number;
  /** At least so much was allocated in it, whatever was collected. */
  readonly leastBytes: number;
  /** It begins with a collection of ours, so it can only rise. */
  readonly isAfterCollect: boolean;
}

function betweenReadings(readings: readonly ReadingSeen[], freeBytes: number, liveBytes: number): Between {
  // Of a collection's two readings the second comes at once.
  const usualMs = usualGapMs(readings.filter(({ phase }) => phase !== "after-collect"));
  const steps = usualMs === null ? [] : stepsOf(readings, usualMs, liveBytes);
  const movedBytes = movedShare * freeBytes;
  const falls = steps.filter(({ bytes }) => -bytes >= movedBytes);
  const ownCollectionShare = steps.length < leastSamples ? null : falls.length / steps.length;
  const free = steps.filter(({ isAfterCollect }) => !isAfterCollect);
  const [down, up] = [
    free.filter(({ bytes }) => -bytes >= movedBytes).length,
    free.filter(({ bytes }) => bytes >= movedBytes).length,
  ];
  const isCollectedUnseen =
    down + up >= leastSamples &&
    down >= unseenFallShare * (down + up) &&
    ownCollectionShare !== null &&
    ownCollectionShare >= tellingShare;
  const rises = steps.filter(({ bytes }) => bytes >= 0);
  const byRises = medianOf(rises.map(({ bytes, seconds }) => bytes / seconds));
  // Rises alone are those of the intervals with fewest collections; of all of them, the mean counts what each one shows.
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  const byAll = seconds === 0 ? 0 : steps.reduce((sum, step) => sum + step.leastBytes, 0) / seconds;
  return {
    usualMs,
    bytesPerSecond: isCollectedUnseen ? Math.max(byAll, byRises ?? 0) : byRises,
    samples: isCollectedUnseen ? steps.length : rises.length,
    ownCollectionShare,
    isCollectedUnseen,
  };
}

function stepsOf(readings: readonly ReadingSeen[], usualMs: number, liveBytes: number): readonly Step[] {
  const steps: Step[] = [];
  for (let index = 1; index < readings.length; index++) {
    const [before, now] = [readings[index - 1], readings[index]];
    if (before === undefined || now === undefined || now.phase === "after-collect") continue;
    const ms = now.atMs - before.atMs;
    if (ms < usualMs / 2 || ms > longGaps * usualMs) continue;
    const bytes = now.usedBytes - before.usedBytes;
    steps.push({
      seconds: ms / 1000,
      bytes,
      leastBytes: bytes >= 0 ? bytes : Math.max(0, now.usedBytes - liveBytes),
      isAfterCollect: before.phase === "after-collect",
    });
  }
  return steps;
}
