import { useState } from "preact/hooks";
import type { ReadingView } from "../../client/views.ts";
import { countText, percentText, sizeText } from "../../shared/units-text.ts";
import { HeapMap } from "../map/heap-map.tsx";
import { useHostNowMs } from "../model/session.tsx";
import { problemText } from "../parts/problem-text.ts";
import { Time, timeText } from "../parts/time.tsx";
import { framesOf, type PeriodName, periods, periodWords, speeds } from "./film-frames.ts";
import { type Film, type FrameChange, type ShownFrame, useFilm } from "./use-film.ts";

/** The maps of a period one after the other, each with what changed since the one before. Nothing is loaded before it is opened. */
export function FilmPanel({
  boardId,
  maps,
}: {
  readonly boardId: string;
  readonly maps: readonly ReadingView[];
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="panel film" aria-labelledby="film-title">
      <h2 id="film-title">The maps as a film</h2>
      {isOpen ? (
        <OpenFilm boardId={boardId} maps={maps} />
      ) : (
        <>
          <p>See how the heap came to be as it is: its stored maps one after the other.</p>
          <button type="button" onClick={() => setOpen(true)}>
            Open the film
          </button>
        </>
      )}
    </section>
  );
}

function OpenFilm({ boardId, maps }: { readonly boardId: string; readonly maps: readonly ReadingView[] }) {
  const nowMs = useHostNowMs();
  const [period, setPeriod] = useState<PeriodName>("24h");
  const [speed, setSpeed] = useState<number>(2);
  const frames = framesOf(maps, period, nowMs);
  const film = useFilm(boardId, frames, 1000 / speed);
  const onKey = (event: KeyboardEvent): void => {
    const isOwn = event.target instanceof Element && event.target.closest("button, select") !== null;
    if (event.key !== " " || isOwn) return;
    event.preventDefault();
    film.setPlaying(!film.isPlaying);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the space bar as a shortcut for the button
    <div onKeyDown={onKey}>
      <div class="film-controls">
        <button
          type="button"
          class="primary"
          disabled={frames.length < 2}
          onClick={() => film.setPlaying(!film.isPlaying)}
        >
          {film.isPlaying ? "Pause" : "Play"}
        </button>
        <label>
          Speed{" "}
          <select value={speed} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
            {speeds.map((one) => (
              <option key={one} value={one}>
                {one === 0.5 ? "1 map in 2 s" : `${countText(one, "map")} a second`}
              </option>
            ))}
          </select>
        </label>
        <label>
          Of{" "}
          <select value={period} onChange={(event) => setPeriod(periodNamed(event.currentTarget.value))}>
            {Object.entries(periodWords).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      {frames.length === 0 ? (
        <p>No map was stored in {periodWords[period]}. Choose a longer period.</p>
      ) : (
        <Frames film={film} frames={frames} nowMs={nowMs} />
      )}
      {frames.length === 1 && <p>There is only one map in {periodWords[period]}, so nothing to play.</p>}
    </div>
  );
}

function Frames({
  film,
  frames,
  nowMs,
}: {
  readonly film: Film;
  readonly frames: readonly ReadingView[];
  readonly nowMs: number;
}) {
  const at = frames[film.index]?.at ?? "";
  const place = `map ${film.index + 1} of ${frames.length}`;
  const next = frames.length > film.index + 1;
  return (
    <>
      <input
        class="film-slider"
        type="range"
        min={0}
        max={frames.length - 1}
        step={1}
        value={film.index}
        aria-label="Place in the film"
        aria-valuetext={`${place}, ${timeText(at, nowMs)}`}
        onInput={(event) => {
          film.setPlaying(false);
          film.seek(Number(event.currentTarget.value));
        }}
      />
      {film.error !== null ? (
        <p class="failure" role="alert">
          {film.error.context["problem"] === "map-unknown"
            ? "The film stops here: this map is no longer stored. As time goes by the history keeps fewer maps."
            : `The film stops here: ${problemText(film.error)}`}{" "}
          {next && (
            <button type="button" onClick={() => film.seek(film.index + 1)}>
              Go to the next map
            </button>
          )}
        </p>
      ) : (
        <p class="film-facts">
          <strong>{place}</strong> <Time at={at} />{" "}
          {film.isLoading ? (
            <span class="quiet">loading …</span>
          ) : (
            film.shown && <Figures frame={film.shown} />
          )}
        </p>
      )}
      {film.shown !== null && (
        <HeapMap
          cells={film.shown.map.cells}
          label={`Heap map of the film, ${place}`}
          flash={film.shown.flash}
        />
      )}
    </>
  );
}

function Figures({ frame: { map, change } }: { readonly frame: ShownFrame }) {
  const { heap, largestFreeBytes, fragmentation } = map.reading;
  return (
    <span>
      {sizeText(heap.usedBytes)} used, {sizeText(heap.freeBytes)} free
      {largestFreeBytes !== null && `, largest free block ${sizeText(largestFreeBytes)}`}
      {fragmentation !== null && `, fragmentation ${percentText(fragmentation)}`}.{" "}
      <span class="quiet">{changeText(change, map.cells.blockSizeBytes)}</span>
    </span>
  );
}

function changeText(change: FrameChange, blockSizeBytes: number): string {
  if (change.kind === "first") return "The first map of the period.";
  if (change.kind === "gone") return "What changed is not known: the map before is no longer stored.";
  if (change.kind === "incomparable")
    return "Its blocks differ in size from those before: the firmware was changed, so nothing corresponds.";
  const { appeared, went, changed } = change.totals;
  const size = (blocks: number): string => sizeText(blocks * blockSizeBytes);
  const grown = change.areasDiffer ? " The heap's areas are not those of before." : "";
  return `Since the map before ${size(appeared)} appeared, ${size(went)} went, ${size(changed)} changed.${grown}`;
}

function periodNamed(text: string): PeriodName {
  return Object.hasOwn(periods, text) ? (text as PeriodName) : "all";
}
