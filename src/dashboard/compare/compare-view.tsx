import { useEffect, useRef } from "preact/hooks";
import { newestMapId } from "../map/newest-map.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { Failure } from "../parts/failure.tsx";
import { Time } from "../parts/time.tsx";
import { pairOf } from "./diff-figures.ts";
import { DiffPanel } from "./diff-panel.tsx";
import { FilmPanel } from "./film-panel.tsx";
import { MapChooser, type MapPair } from "./map-chooser.tsx";

/** As many as one can tell apart on the strip. */
const mostMaps = 500;

/**
 * Two stored maps of a board side by side, and all of them as a film. `from`, `to`: ids of readings; null: the newest ones.
 * `onChoose` is to put a choice into the address.
 */
export function CompareView({
  entry,
  from,
  to,
  onChoose,
}: {
  readonly entry: BoardEntry;
  readonly from: number | null;
  readonly to: number | null;
  readonly onChoose: (from: number | null, to: number | null) => void;
}) {
  const { id } = entry.board;
  const [loaded, reload] = useLoad((rest, signal) => rest.maps(id, { limit: mostMaps }, signal), [id]);
  const maps = loadedValue(loaded);
  const held = useRef<{ readonly asked: string; readonly pair: MapPair | null }>({ asked: "", pair: null });
  const listedId = maps?.at(-1)?.id ?? 0;
  const newestId = newestMapId(entry);
  useEffect(() => {
    if (listedId !== 0 && newestId > listedId) reload();
  }, [newestId, listedId, reload]);

  if (maps === undefined) {
    if (loaded.kind === "failed") return <Failure error={loaded.error} onRetry={reload} />;
    return <p class="quiet">Asking the daemon for the stored maps …</p>;
  }
  // What is looked at stays, though newer maps come.
  const asked = `${id} ${from} ${to}`;
  if (held.current.asked !== asked || held.current.pair === null)
    held.current = { asked, pair: pairOf(maps, from, to) };
  const { pair } = held.current;
  if (maps.length === 0 && pair === null) {
    return (
      <p>
        No map of this board is stored, so there is nothing to compare yet. Two are needed;{" "}
        <em>Read map now</em> on the board's page reads one, and the daemon reads one from time to time by
        itself.
      </p>
    );
  }
  if (pair === null) {
    const only = maps[0];
    return (
      <p>
        Only one map of this board is stored{only?.at && [", of ", <Time key="at" at={only.at} />]}. Comparing
        takes two: read another with <em>Read map now</em> on the board's page.
      </p>
    );
  }
  return (
    <div class="compare">
      {loaded.kind === "stale" && loaded.error !== null && <Failure error={loaded.error} onRetry={reload} />}
      <section class="panel" aria-labelledby="compare-title">
        <h2 id="compare-title">Compare two maps</h2>
        <MapChooser maps={maps} pair={pair} onChoose={(chosen) => onChoose(chosen.from, chosen.to)} />
        {maps.length >= mostMaps && (
          <p class="quiet">These are the newest {mostMaps} maps; older ones can be reached by their ids.</p>
        )}
        <DiffPanel
          boardId={id}
          pair={pair}
          onGone={() => {
            reload();
            held.current = { asked: "", pair: null };
            onChoose(null, null);
          }}
        />
      </section>
      <FilmPanel boardId={id} maps={maps} />
    </div>
  );
}
