import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { useSession } from "../model/session.tsx";
import { LoadFailure } from "../parts/load-failure.tsx";
import { Time } from "../parts/time.tsx";
import { defaultRange, hrefOf, type RangeName, ranges } from "../shell/route.ts";
import { goTo } from "../shell/use-route.ts";
import { ChartTable } from "./chart-table.tsx";
import { CompositionPanel } from "./composition-panel.tsx";
import { LineCharts } from "./line-charts.tsx";
import { Readout } from "./readout.tsx";
import { useChartData, type Zoom } from "./use-chart-data.ts";

/** How often the charts move on, of the range: finer would be less than a pixel. */
const steps = 600;

export interface ChartsPanelProps {
  readonly entry: BoardEntry;
  readonly boardId: string;
  readonly range: RangeName;
}

/** Memory over time: bytes, fragmentation, what happened, and what it is made of. */
export const ChartsPanel = memo(({ entry, boardId, range }: ChartsPanelProps) => {
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [isWholeWanted, setWholeWanted] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosenMap, setChosenMap] = useState<number | null>(null);
  const [place, points] = usePoints();
  const stepMs = Math.max(1000, ranges[range] / steps);
  const endMs = useEndMs(stepMs);
  const whole = { fromMs: endMs - ranges[range], toMs: endMs };
  // A range that somebody chose is shown as it is.
  const isTight = zoom === null && range === defaultRange && !isWholeWanted;
  const data = useChartData(entry, range, zoom, points, zoom ?? whole, zoom?.toMs ?? endMs - stepMs, isTight);
  const { columns, shown } = data;
  const isPart = shown.fromMs > whole.fromMs || zoom !== null;

  const zoomTo = (next: Zoom | null): void => {
    setZoom(next);
    if (next === null) setWholeWanted(true);
    setCursor(null);
  };
  useEffect(() => {
    // Another range begins without a zoom.
    setZoom(null);
    setWholeWanted(false);
    setCursor(null);
  }, [range]);
  useEffect(() => {
    if (zoom === null) return;
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === "Escape") zoomTo(null);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [zoom]);
  const choose = (readingId: number): void => {
    if (chosenMap === null) setChosenMap(readingId);
    else if (chosenMap === readingId) setChosenMap(null);
    else {
      const [from, to] = chosenMap < readingId ? [chosenMap, readingId] : [readingId, chosenMap];
      goTo({ kind: "compare", boardId, from, to });
    }
  };
  const index = cursor === null || cursor >= columns.x.length ? null : cursor;
  return (
    <>
      <section class="panel charts" aria-labelledby="charts-title">
        <div class="charts-head">
          <h2 id="charts-title">Memory over time</h2>
          <Ranges boardId={boardId} range={range} />
        </div>
        <div class="zoom">
          <button type="button" onClick={() => zoomTo(halved(shown, columns.x[index ?? -1]))}>
            Zoom in
          </button>
          <button type="button" disabled={!isPart} onClick={() => zoomTo(null)}>
            Whole range
          </button>
          <span class="quiet">
            {zoom === null ? (
              `${isPart ? "From the first reading on. " : ""}Drag across the chart to zoom.`
            ) : (
              <>
                <Time at={zoom.fromMs} /> to <Time at={zoom.toMs} />. Esc or a double click shows all.
              </>
            )}
          </span>
        </div>
        {data.error !== null && <LoadFailure error={data.error} onRetry={data.reload} />}
        <div ref={place} class={data.isLoading ? "is-loading" : ""}>
          <LineCharts
            columns={columns}
            marks={data.marks}
            shown={shown}
            cursor={index}
            chosenMap={chosenMap}
            onCursor={setCursor}
            onZoom={zoomTo}
            onMap={choose}
          />
        </div>
        <Readout
          columns={columns}
          marks={data.marks}
          shown={shown}
          index={index}
          last={entry.board.lastReading}
          onIndex={setCursor}
        />
        {chosenMap !== null && (
          <p class="chosen" role="status">
            Map {chosenMap} is chosen: click another one's mark, or{" "}
            <a href={hrefOf({ kind: "compare", boardId, from: chosenMap, to: null })}>
              compare it with the newest
            </a>
            .{" "}
            <button type="button" onClick={() => setChosenMap(null)}>
              Forget it
            </button>
          </p>
        )}
        {columns.x.length === 0 && !data.isLoading && (
          <p class="quiet">No readings in this time. The lines begin with the first one.</p>
        )}
        <ChartTable rows={columns.rows} />
      </section>
      <CompositionPanel
        mapped={data.mapped}
        gaps={columns.gaps}
        shown={shown}
        isHelper={entry.board.state.kind === "helper"}
      />
    </>
  );
});

/** The end of the step in which it is now; the component is drawn again once a step. */
function useEndMs(stepMs: number): number {
  const { clock, seconds } = useSession();
  const endOf = (): number => Math.ceil(clock.nowMs() / stepMs) * stepMs;
  const [endMs, setEndMs] = useState(endOf);
  useEffect(() => {
    setEndMs(endOf());
    return seconds.listen(() => setEndMs(endOf()));
  }, [clock, seconds, stepMs]);
  return endMs;
}

function Ranges({ boardId, range }: { readonly boardId: string; readonly range: RangeName }) {
  return (
    <nav class="ranges" aria-label="How far back">
      {(Object.keys(ranges) as RangeName[]).map((name) => (
        <a
          key={name}
          href={hrefOf({ kind: "board", boardId, range: name })}
          aria-current={name === range ? "true" : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

/** Half of what is shown, about the point at `x` (seconds) or at the end. */
function halved({ fromMs, toMs }: Zoom, x: number | undefined): Zoom {
  const spanMs = Math.max(10_000, (toMs - fromMs) / 2);
  const middleMs = x === undefined ? toMs - spanMs / 2 : x * 1000;
  const beginMs = Math.min(Math.max(middleMs - spanMs / 2, fromMs), toMs - spanMs);
  return { fromMs: beginMs, toMs: beginMs + spanMs };
}

/** A point for every other pixel of the place, in steps, so that not every pixel of a resize asks anew. */
function usePoints() {
  const place = useRef<HTMLDivElement>(null);
  const [points, setPoints] = useState(300);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void =>
      setPoints(Math.min(600, Math.max(100, Math.round(element.clientWidth / 100) * 50)));
    measure();
    const sized = new ResizeObserver(measure);
    sized.observe(element);
    return () => sized.disconnect();
  }, []);
  return [place, points] as const;
}
