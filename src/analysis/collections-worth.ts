import type { Churn } from "./churn.ts";
import { medianOf } from "./order-statistics.ts";
import { bytesText, durationText, pauseText } from "./plain-text.ts";
import { usualGapMs } from "./series.ts";

/** What one collection did. */
export interface CollectionFigures {
  readonly atMs: number;
  readonly freeBytes: number;
  readonly reclaimedBytes: number;
  readonly largestFreeGainBytes: number | null;
  readonly fragmentationBefore: number | null;
  readonly fragmentation: number | null;
  readonly pauseMs: number | null;
}

/** What `gc.collect()` bought lately. Medians; null where unknown. */
export interface CollectionsWorth {
  /** Collections looked at: the newest ones, 100 at most. */
  readonly count: number;
  readonly intervalSeconds: number | null;
  readonly reclaimedBytes: number;
  readonly largestFreeGainBytes: number | null;
  readonly fragmentationBefore: number | null;
  readonly fragmentationAfter: number | null;
  readonly pauseMs: number | null;
  /** How often a collection is worth its pause; null where it is not, or where that cannot be told. */
  readonly worthIntervalSeconds: number | null;
  /** The reason in words. */
  readonly worthBecause: string;
}

const newest = 100;
/** The most of a board's time that pauses may take. */
export const mostPauseShare = 0.01;
/** Garbage worth collecting: this share of the heap that is free after a collection. */
export const worthGarbageShare = 0.25;
/** A period that differs by less is as good: three times the recommended one is three quarters of the free heap in garbage. */
export const materialFactor = 3;

/**
 * What the newest collections (oldest first) bought, and how often one is worth its pause. Null without collections.
 *
 * The criterion: MicroPython collects by itself when an allocation finds no room, at a moment nobody chose, and by
 * then small objects lie all over the heap. A collection before that buys a chosen moment and a less scattered heap. It is
 * worth its pause where
 *
 * 1. garbage has taken a quarter of the memory that was free (by the churn, the monitor's own included); sooner it finds little;
 * 2. pauses take at most 1 % of the time: not more often than every 100 pauses;
 * 3. both come before the heap is full of garbage, which is when the board collects anyway. Otherwise: null;
 * 4. collections lately freed something, and made the largest free run longer, where that is oftener than now. Otherwise: null.
 */
export function collectionsWorth(
  collections: readonly CollectionFigures[],
  churn: Churn | null,
): CollectionsWorth | null {
  const latest = collections.slice(-newest);
  const last = latest.at(-1);
  if (last === undefined) return null;
  const median = (pick: (collection: CollectionFigures) => number | null): number | null =>
    medianOf(latest.map(pick).filter((value) => value !== null));
  const pauseMs = median((collection) => collection.pauseMs);
  const freeBytes = median((collection) => collection.freeBytes) ?? last.freeBytes;
  const intervalMs = usualGapMs(latest);
  const reclaimedBytes = median((collection) => collection.reclaimedBytes) ?? 0;
  const largestFreeGainBytes = median((collection) => collection.largestFreeGainBytes);
  return {
    count: latest.length,
    intervalSeconds: intervalMs === null ? null : intervalMs / 1000,
    reclaimedBytes,
    largestFreeGainBytes,
    fragmentationBefore: median((collection) => collection.fragmentationBefore),
    fragmentationAfter: median((collection) => collection.fragmentation),
    pauseMs,
    ...worth(churn, freeBytes, pauseMs, intervalMs === null ? null : intervalMs / 1000, {
      reclaimedBytes,
      largestFreeGainBytes,
    }),
  };
}

type Worth = Pick<CollectionsWorth, "worthIntervalSeconds" | "worthBecause">;

function worth(
  churn: Churn | null,
  freeBytes: number,
  pauseMs: number | null,
  intervalSeconds: number | null,
  bought: Pick<CollectionsWorth, "reclaimedBytes" | "largestFreeGainBytes">,
): Worth {
  if (churn === null) return none("It takes two collections in a row to see how fast garbage gathers.");
  const bytesPerSecond = churn.bytesPerSecond + (churn.ownBytesPerSecond ?? 0);
  if (bytesPerSecond <= 0) return none("Nothing is allocated between collections, so they find nothing.");
  const fullSeconds = freeBytes / bytesPerSecond;
  const garbageSeconds = fullSeconds * worthGarbageShare;
  const pauseSeconds = pauseMs === null ? 0 : pauseMs / 1000 / mostPauseShare;
  const full = durationText(fullSeconds);
  if (pauseSeconds >= fullSeconds)
    return none(
      `The heap is full of garbage every ${full}, and the board then collects by itself; a collection sooner than that would cost more than 1 % of its time in pauses. Allocate less instead.`,
    );
  const seconds = Math.max(garbageSeconds, pauseSeconds);
  if (intervalSeconds !== null && seconds < intervalSeconds && !buysSomething(bought))
    return none(
      `Oftener than now is not worth it: a collection lately ${bought.reclaimedBytes <= 0 ? "freed nothing" : "made the largest free run no longer"}. The heap is full of garbage after ${full}, and the board then collects by itself.`,
    );
  const garbage = bytesText(bytesPerSecond * seconds);
  const pause =
    pauseMs === null
      ? "how long a collection takes is not known"
      : `a pause of ${pauseText(pauseMs)} would take ${shareText(pauseMs / 1000 / seconds)} of the time`;
  return {
    worthIntervalSeconds: seconds,
    worthBecause: `${adviceText(seconds, intervalSeconds)}: by then about ${garbage} of garbage would have gathered, and ${pause}; without any, the heap is full of garbage after ${full} and the board collects at a moment of its own choosing.`,
  };
}

/** What `seconds` is beside the interval that collections have: the figures that follow are of the one, not of the other. */
function adviceText(seconds: number, intervalSeconds: number | null): string {
  const every = durationText(seconds);
  if (intervalSeconds === null) return `A collection every ${every} would be worth its pause`;
  if (every === durationText(intervalSeconds)) return `Every ${every} is as often as it is worth`;
  if (seconds < intervalSeconds && intervalSeconds < materialFactor * seconds)
    return `One every ${every}, little more often than now, would be worth its pause`;
  return seconds > intervalSeconds
    ? `One every ${every}, not every ${durationText(intervalSeconds)}, would be often enough`
    : `One every ${every}, more often than now, would be worth its pause`;
}

function buysSomething({
  reclaimedBytes,
  largestFreeGainBytes,
}: Pick<CollectionsWorth, "reclaimedBytes" | "largestFreeGainBytes">): boolean {
  return reclaimedBytes > 0 && (largestFreeGainBytes === null || largestFreeGainBytes > 0);
}

function none(worthBecause: string): Worth {
  return { worthIntervalSeconds: null, worthBecause };
}

function shareText(share: number): string {
  return share < 0.0001 ? "less than 0.01 %" : `${(share * 100).toFixed(2)} %`;
}
