import type { CollectionView } from "../../client/views.ts";
import { countText, millisecondsText, sizeText } from "../../shared/units-text.ts";

export const shownCollections = 20;

/** Those of REST and of the feed, each once, the newest first, so many at most. */
export function newestCollections(
  stored: readonly CollectionView[],
  live: readonly CollectionView[],
): readonly CollectionView[] {
  const each = new Map([...stored, ...live].map((one) => [one.id ?? one.at, one] as const));
  return [...each.values()]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, shownCollections);
}

/** The middle value; of two middle ones their mean. Null: there is none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const high = sorted[sorted.length >> 1];
  const low = sorted[(sorted.length - 1) >> 1];
  return high === undefined || low === undefined ? null : (low + high) / 2;
}

/** "The median of these 20 collections reclaimed 3.1 KiB and paused the board for 2.40 ms." */
export function collectionsSummary(collections: readonly CollectionView[]): string {
  const reclaimed = median(collections.map(({ reclaimedBytes }) => reclaimedBytes));
  if (reclaimed === null) return "";
  const pause = median(collections.flatMap(({ pauseMs }) => (pauseMs === null ? [] : [pauseMs])));
  const bytes = reclaimed > 0 ? sizeText(Math.round(reclaimed)) : "nothing";
  const paused = pause === null ? "" : `, with a pause of ${millisecondsText(pause)}`;
  return `Median of ${countText(collections.length, "collection")}: ${bytes} reclaimed${paused}.`;
}
