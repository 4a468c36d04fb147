import { changeText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { Failure } from "../parts/failure.tsx";
import { Time } from "../parts/time.tsx";
import { collectionsSummary, newestCollections, shownCollections } from "./collections-list.ts";

/** What gc.collect() bought lately. */
export function CollectionsPanel({ entry }: { readonly entry: BoardEntry }) {
  const { id } = entry.board;
  const [loaded, reload] = useLoad(
    (rest, signal) => rest.collections(id, { limit: shownCollections }, signal),
    [id],
  );
  const shown = newestCollections(loadedValue(loaded) ?? [], entry.collections);
  const error = "error" in loaded ? loaded.error : null;
  return (
    <section class="panel" aria-labelledby="collections-title">
      <h2 id="collections-title">Collections</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {shown.length === 0 ? (
        loaded.kind === "ready" && (
          <p class="quiet">
            None yet. They run on sampling.collectIntervalSeconds, unless that is 0; “Collect now” runs one.
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
}

function Table({ collections }: { readonly collections: ReturnType<typeof newestCollections> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class="scrolling" aria-label="The newest collections" tabIndex={0}>
      <table class="collections">
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
                <Time at={one.at} />
              </th>
              <td class="number">{sizeText(one.reclaimedBytes)}</td>
              <td class="number">{gainText(one.largestFreeGainBytes)}</td>
              <td class="number">
                {share(one.fragmentationBefore)} → {share(one.fragmentationAfter)}
              </td>
              <td class="number">{one.pauseMs === null ? "–" : millisecondsText(one.pauseMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function share(value: number | null): string {
  return value === null ? "–" : percentText(value);
}

function gainText(bytes: number | null): string {
  if (bytes === null) return "–";
  return bytes === 0 ? "±0" : changeText(bytes);
}
