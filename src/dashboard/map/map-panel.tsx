import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BlockMapView } from "../../client/views.ts";
import { countText } from "../../shared/units-text.ts";
import { whyNot } from "../board/action-words.ts";
import { useAction } from "../board/use-action.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { freshnessOf } from "../model/freshness.ts";
import { useDashboard, useHostNowMs, useSession } from "../model/session.tsx";
import { type Loaded, loadedValue, useLoad } from "../model/use-load.ts";
import { Failure } from "../parts/failure.tsx";
import { Age, Time } from "../parts/time.tsx";
import { FitPanel } from "./fit-panel.tsx";
import { HeapMap, type MapFlash } from "./heap-map.tsx";
import { Legend } from "./legend.tsx";
import { cellsOfMap, type MapCells } from "./map-cells.ts";
import { changeBetween } from "./map-marks.ts";
import { mapNote } from "./map-note.ts";
import { newestMapId } from "./newest-map.ts";

/** The heap map of a board, live: a newer one takes the old one's place as soon as the feed tells of it. */
export function MapPanel({ entry }: { readonly entry: BoardEntry }) {
  const { id } = entry.board;
  const [loaded, reload] = useLoad((rest, signal) => rest.map(id, "latest", signal), [id]);
  const newestId = newestMapId(entry);
  const shownId = loadedValue(loaded)?.reading.id ?? 0;
  // Once for each: the map that comes may be another one than the feed told of.
  useEffect(() => {
    if (newestId > shownId) reload();
  }, [newestId, reload]);
  const map = loadedValue(loaded);
  return (
    <section class="panel map-panel" aria-labelledby="heap-map-title">
      <h2 id="heap-map-title">Heap map</h2>
      {map === undefined ? (
        <NoMap entry={entry} loaded={loaded} onRetry={reload} />
      ) : (
        <LiveMap entry={entry} map={map} />
      )}
      {loaded.kind === "stale" && loaded.error !== null && <Failure error={loaded.error} onRetry={reload} />}
    </section>
  );
}

function LiveMap({ entry, map }: { readonly entry: BoardEntry; readonly map: BlockMapView }) {
  const cells = useMemo(() => cellsOfMap(map), [map]);
  const flash = useFlash(map, cells);
  const [pointed, setPointed] = useState<string | null>(null);
  const [isFreeLoud, setFreeLoud] = useState(false);
  const { connection } = useDashboard();
  const nowMs = useHostNowMs();
  const isOld = freshnessOf(entry.board, connection, nowMs).kind !== "fresh";
  const { reading } = map;
  const words = `Heap map of ${entry.board.name}`;
  return (
    <div class={isOld ? "is-old" : undefined}>
      <p class="map-facts">
        <span>
          Reading {reading.id}, <Age at={reading.at ?? ""} suffix=" ago" />{" "}
          <span class="quiet">
            (<Time at={reading.at ?? ""} />)
          </span>
        </span>
        <span class="quiet">
          one cell per block of {map.blockSizeBytes} B
          {reading.map !== null && `, ${countText(reading.map.freeRuns, "free run")}`}
          {reading.map?.verified === false && ", not verified: the heap changed while it was printed"}
        </span>
        <label class="map-toggle">
          <input
            type="checkbox"
            checked={isFreeLoud}
            onChange={(event) => setFreeLoud(event.currentTarget.checked)}
          />{" "}
          Emphasise free runs
        </label>
      </p>
      <HeapMap cells={cells} label={words} emphasis={pointed ?? (isFreeLoud ? "." : null)} flash={flash} />
      <Note entry={entry} map={map} isOld={isOld} />
      <Legend cells={cells} emphasised={pointed} onEmphasise={setPointed} />
      <FitPanel map={map} />
    </div>
  );
}

/** Whether the map is behind the figures at the head of the page. Its room is kept, so that nothing below it jumps. */
function Note({
  entry,
  map,
  isOld,
}: {
  readonly entry: BoardEntry;
  readonly map: BlockMapView;
  readonly isOld: boolean;
}) {
  const { rest } = useSession();
  const { connection, unstored } = useDashboard();
  const nowMs = useHostNowMs();
  const [state, run] = useAction();
  const { board } = entry;
  const note = mapNote(map.reading, board.lastReading, { isUnstored: unstored, isOld, nowMs });
  const isRunning = state.kind === "running";
  const canRead = isRunning || (note?.kind === "moved" && whyNot("read", board, connection) === null);
  const read = (): void =>
    run("read", async () => {
      await rest.read(board.id, { map: true });
      return "";
    });
  return (
    <>
      <p class={note?.kind === "unstored" ? "map-note map-note-stuck" : "map-note"}>
        {note?.text}{" "}
        {canRead && (
          <button type="button" aria-disabled={isRunning} onClick={read}>
            {isRunning ? "Reading …" : "Read a newer map"}
          </button>
        )}
      </p>
      {note !== null && state.kind === "failed" && <Failure error={state.error} />}
    </>
  );
}

/** The cells that are not as in the map before; null with the first one. */
function useFlash(map: BlockMapView, cells: MapCells): MapFlash | null {
  const before = useRef<{
    readonly map: BlockMapView;
    readonly cells: MapCells;
    flash: MapFlash | null;
  } | null>(null);
  if (before.current?.map !== map) {
    const old = before.current;
    const isNewer = old !== null && (map.reading.id ?? 0) > (old.map.reading.id ?? 0);
    const change = isNewer ? changeBetween(old.cells, cells) : null;
    before.current = {
      map,
      cells,
      flash: change?.kind === "compared" ? { marks: change.marks } : null,
    };
  }
  return before.current.flash;
}

function NoMap({
  entry,
  loaded,
  onRetry,
}: {
  readonly entry: BoardEntry;
  readonly loaded: Loaded<BlockMapView>;
  readonly onRetry: () => void;
}) {
  const { unstored } = useDashboard();
  if (loaded.kind !== "failed") return <p class="quiet">Asking the daemon for the newest map …</p>;
  if (loaded.error.context["problem"] !== "map-unknown")
    return <Failure error={loaded.error} onRetry={onRetry} />;
  if (unstored)
    return <p>There is no map of this board yet, and none can be shown while the daemon cannot store it.</p>;
  if (entry.board.state.kind === "helper")
    return (
      <p>
        There is no map of this board yet. Its helper reports one from time to time, by default with every
        30th report (<code>map_every</code>).
      </p>
    );
  return (
    <p>
      There is no map of this board yet. One is read when the heap moved or the board's{" "}
      <code>mapIntervalSeconds</code> are over, as far as <code>mapSharePercent</code> of its time allows, and
      at once with <em>Read map now</em>.
    </p>
  );
}
