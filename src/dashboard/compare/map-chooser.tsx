import type { ReadingView } from "../../client/views.ts";
import { percentText, sizeText } from "../../shared/units-text.ts";
import { useHostNowMs } from "../model/session.tsx";
import { timeText, utcText } from "../parts/time.tsx";

export interface MapPair {
  readonly from: number;
  readonly to: number;
}

/** Two of the stored maps: by lists and steps, or by a click on the strip, whose dots stand in time. */
export function MapChooser({
  maps,
  pair,
  onChoose,
}: {
  /** Two or more, oldest first. */
  readonly maps: readonly ReadingView[];
  readonly pair: MapPair;
  readonly onChoose: (pair: MapPair) => void;
}) {
  const choose = (one: number, other: number): void => {
    if (one !== other) onChoose({ from: Math.min(one, other), to: Math.max(one, other) });
  };
  return (
    <div class="chooser">
      <Strip
        maps={maps}
        pair={pair}
        onPick={(id) => {
          // The nearer end of what is chosen moves to the dot.
          const isNewer = Math.abs(id - pair.to) < Math.abs(id - pair.from) || id > pair.to;
          if (isNewer && id > pair.from) choose(pair.from, id);
          else if (id < pair.to) choose(id, pair.to);
        }}
      />
      <div class="chooser-lists">
        <MapList
          label="Older map"
          maps={maps}
          chosen={pair.from}
          isAllowed={(id) => id < pair.to}
          onPick={(id) => choose(id, pair.to)}
        />
        <MapList
          label="Newer map"
          maps={maps}
          chosen={pair.to}
          isAllowed={(id) => id > pair.from}
          onPick={(id) => choose(pair.from, id)}
        />
        <button
          type="button"
          onClick={() => {
            const [one, other] = maps.slice(-2);
            choose(one?.id ?? 0, other?.id ?? 0);
          }}
        >
          Newest two
        </button>
        <button type="button" onClick={() => choose(maps[0]?.id ?? 0, maps.at(-1)?.id ?? 0)}>
          First and last
        </button>
      </div>
    </div>
  );
}

function MapList({
  label,
  maps,
  chosen,
  isAllowed,
  onPick,
}: {
  readonly label: string;
  readonly maps: readonly ReadingView[];
  readonly chosen: number;
  readonly isAllowed: (id: number) => boolean;
  readonly onPick: (id: number) => void;
}) {
  const nowMs = useHostNowMs();
  const ids = maps.map(({ id }) => id ?? 0).filter(isAllowed);
  const at = ids.indexOf(chosen);
  const step = (by: number): number | undefined => (at === -1 ? undefined : ids[at + by]);
  const earlier = step(-1);
  const later = step(1);
  return (
    <span class="chooser-list">
      <label>
        {label}{" "}
        <select value={chosen} onChange={(event) => onPick(Number(event.currentTarget.value))}>
          {at === -1 && <option value={chosen}>reading {chosen}, not in the list</option>}
          {maps
            .filter(({ id }) => isAllowed(id ?? 0))
            .reverse()
            .map((reading) => (
              <option key={reading.id} value={reading.id ?? 0}>
                {timeText(reading.at ?? 0, nowMs)}: {sizeText(reading.heap.usedBytes)} used
                {reading.fragmentation !== null && `, ${percentText(reading.fragmentation)} fragmented`}
              </option>
            ))}
        </select>
      </label>
      <button
        type="button"
        aria-label={`${label}: one earlier`}
        disabled={earlier === undefined}
        onClick={() => earlier !== undefined && onPick(earlier)}
      >
        ‹
      </button>
      <button
        type="button"
        aria-label={`${label}: one later`}
        disabled={later === undefined}
        onClick={() => later !== undefined && onPick(later)}
      >
        ›
      </button>
    </span>
  );
}

/** Left and right edge, percent, so that the outer dots are whole. */
const edge = 1.5;
/** From here on dots would cover each other's rims. */
const manyDots = 40;

/** For the pointer only: the lists beside it do the same for keys and screen readers. */
function Strip({
  maps,
  pair,
  onPick,
}: {
  readonly maps: readonly ReadingView[];
  readonly pair: MapPair;
  readonly onPick: (id: number) => void;
}) {
  const nowMs = useHostNowMs();
  const times = maps.map(({ at }) => Date.parse(at ?? ""));
  const first = times[0] ?? 0;
  const span = Math.max(1, (times.at(-1) ?? 0) - first);
  const left = (time: number): number => edge + ((time - first) / span) * (100 - 2 * edge);
  const place = (id: number): number => left(times[maps.findIndex((one) => one.id === id)] ?? first);
  const pick = (event: MouseEvent): void => {
    if (!(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const wanted = ((event.clientX - box.left) / box.width) * 100;
    let nearest = 0;
    for (const [at, time] of times.entries())
      if (Math.abs(left(time) - wanted) < Math.abs(left(times[nearest] ?? first) - wanted)) nearest = at;
    onPick(maps[nearest]?.id ?? 0);
  };
  return (
    <div class={maps.length > manyDots ? "strip strip-dense" : "strip"} aria-hidden="true" onClick={pick}>
      <span
        class="strip-chosen"
        style={{ left: `${place(pair.from)}%`, width: `${place(pair.to) - place(pair.from)}%` }}
      />
      {maps.map((reading, at) => (
        <span
          key={reading.id}
          class={reading.id === pair.from || reading.id === pair.to ? "strip-dot is-chosen" : "strip-dot"}
          style={{ left: `${left(times[at] ?? first)}%` }}
          title={`${timeText(reading.at ?? 0, nowMs)} · ${utcText(reading.at ?? 0)}`}
        />
      ))}
    </div>
  );
}
