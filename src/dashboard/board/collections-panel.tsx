import { memo } from "preact/compat";
import type { CollectionView } from "../../client/views.ts";
import { changeText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import { useSession } from "../model/session.tsx";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { LoadFailure } from "../parts/load-failure.tsx";
import { Scrolling } from "../parts/scrolling.tsx";
import { timeText, utcText } from "../parts/time.tsx";
import { collectionsSummary, newestCollections, shownCollections } from "./collections-list.ts";

export interface CollectionsPanelProps {
  readonly boardId: string;
  readonly live: readonly CollectionView[];
  /** Its application reports by itself, and is not asked. */
  readonly isHelper: boolean;
}

/** What gc.collect() bought lately. `live`: as the feed told. */
export const CollectionsPanel = memo(({ boardId, live, isHelper }: CollectionsPanelProps) => {
  const [loaded, reload] = useLoad(
    (rest, signal) => rest.collections(boardId, { limit: shownCollections }, signal),
    [boardId],
  );
  const shown = newestCollections(loadedValue(loaded) ?? [], live);
  const error = "error" in loaded ? loaded.error : null;
  return (
    <section class="panel" aria-labelledby="collections-title">
      <h2 id="collections-title">Collections</h2>
      {error !== null && <LoadFailure error={error} onRetry={reload} />}
      {shown.length === 0 ? (
        loaded.kind === "ready" && (
          <p class="quiet">
            {isHelper
              ? "None yet. Its helper runs them, by default with every sixth report (collect_every)."
              : "None yet. They run on sampling.collectIntervalSeconds, unless that is 0; “Collect now” runs one."}
          </p>
        )
      ) : (
        <>
          <p>{collectionsSummary(shown)}</p>
          <Table collections={shown} />
        </>
      )}
    </section>
  );
});

function Table({ collections }: { readonly collections: ReturnType<typeof newestCollections> }) {
  const { clock } = useSession();
  const nowMs = clock.nowMs();
  return (
    <Scrolling label="The newest collections">
      <table class="collections collection-list">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Reclaimed
            </th>
            <th scope="col" class="number">
              Largest free
            </th>
            <th scope="col" class="number">
              Fragmentation
            </th>
            <th scope="col" class="number">
              Pause
            </th>
          </tr>
        </thead>
        <tbody>
          {collections.map((one) => (
            <tr key={one.id ?? one.at}>
              <th scope="row">
                {/* Not a Time: twenty that look at the clock every second would be felt. */}
                <time dateTime={one.at} title={utcText(one.at)}>
                  {timeText(one.at, nowMs)}
                </time>
              </th>
              <td class="number" data-label="Reclaimed">
                {sizeText(one.reclaimedBytes)}
              </td>
              <td class="number" data-label="Largest free">
                {gainText(one.largestFreeGainBytes)}
              </td>
              <td class="number" data-label="Fragmentation">
                {share(one.fragmentationBefore)} → {share(one.fragmentationAfter)}
              </td>
              <td class="number" data-label="Pause">
                {one.pauseMs === null ? "–" : millisecondsText(one.pauseMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function share(value: number | null): string {
  return value === null ? "–" : percentText(value);
}

function gainText(bytes: number | null): string {
  if (bytes === null) return "–";
  return bytes === 0 ? "±0" : changeText(bytes);
}
