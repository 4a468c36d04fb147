import { useEffect, useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { type Mark, marksNear } from "./chart-marks.ts";
import type { ChartColumns, LineName } from "./chart-rows.ts";
import { cssColor } from "./colors.ts";
import { type Drawn, drawGaps, drawMarks, mapStripHeight } from "./draw-marks.ts";
import { drawBlocks, drawPlaces } from "./draw-places.ts";
import { Plot } from "./plot.tsx";
import {
  bytesAxis,
  dataOf,
  fromZero,
  fromZeroToLabels,
  seriesOf,
  shareAxis,
  timeAxis,
} from "./plot-options.ts";
import type { Zoom } from "./use-chart-data.ts";

export interface LineChartsProps {
  readonly columns: ChartColumns;
  readonly marks: readonly Mark[];
  readonly shown: Zoom;
  /** Index into `columns.x`; null: no cursor. */
  readonly cursor: number | null;
  readonly chosenMap: number | null;
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: (zoom: Zoom | null) => void;
  readonly onMap: (readingId: number) => void;
}

const bytesLines: readonly LineName[] = ["used", "free", "largest"];
const shareLines: readonly LineName[] = ["fragmentation"];
/** A shorter drag is a click. */
const leastDragPixels = 6;
const leastZoomMs = 2_000;

/** Bytes above, fragmentation below, on one axis of time and with one cursor. */
export function LineCharts(props: LineChartsProps) {
  const { columns, marks, shown, cursor, chosenMap } = props;
  const newest = useRef(props);
  newest.current = props;
  const plots = useRef(new Map<string, uPlot>());
  const bytes = useMemo(() => dataOf(columns, bytesLines), [columns]);
  const shares = useMemo(() => dataOf(columns, shareLines), [columns]);

  useEffect(() => {
    for (const plot of plots.current.values()) plot.redraw(false);
  }, [marks, chosenMap]);

  // Where the cursor was moved by keys: both charts follow.
  useEffect(() => {
    const x = cursor === null ? undefined : columns.x[cursor];
    for (const plot of plots.current.values()) {
      if (x === undefined || plot.cursor.idx === cursor) continue;
      plot.setCursor({ left: plot.valToPos(x, "x"), top: 1 }, false);
    }
  }, [cursor, columns]);

  const bytesRange: uPlot.Range.Function = (plot, min, max) => {
    const { marks, shown } = newest.current;
    const hasLabels = marks.some(
      ({ kind, atMs }) =>
        (kind === "place" || kind === "block") && atMs >= shown.fromMs && atMs <= shown.toMs,
    );
    return hasLabels ? fromZeroToLabels(plot, min, max) : fromZero(plot, min, max);
  };
  const drawn = (): Drawn => ({
    marks: newest.current.marks,
    gaps: newest.current.columns.gaps,
    chosen: newest.current.chosenMap,
  });
  const options = (lines: readonly LineName[], yAxis: uPlot.Axis, y: uPlot.Scale, hasMarks: boolean) => ({
    ...seriesOf(lines),
    scales: { y },
    axes: [timeAxis(), yAxis],
    legend: { show: false },
    padding: [9, 12, 0, 0] as uPlot.Padding,
    cursor: {
      y: false,
      points: { size: 7, width: 1, fill: cssColor("--surface") },
      drag: { x: true, y: false, setScale: false, dist: leastDragPixels },
      sync: { key: "heapscope-board", scales: ["x", null] as uPlot.Cursor.Sync.Scales },
      bind: {
        dblclick: () => () => {
          newest.current.onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      drawAxes: [
        (plot: uPlot) => {
          drawGaps(plot, drawn());
          drawBlocks(plot, drawn().marks);
        },
      ],
      draw: hasMarks
        ? [
            (plot: uPlot) => {
              drawPlaces(plot, drawn().marks);
              drawMarks(plot, drawn());
            },
          ]
        : [],
      setCursor: [(plot: uPlot) => newest.current.onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        (plot: uPlot) => {
          const { left, width } = plot.select;
          if (width < leastDragPixels) return;
          const fromMs = plot.posToVal(left, "x") * 1000;
          const toMs = plot.posToVal(left + width, "x") * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (toMs - fromMs >= leastZoomMs) newest.current.onZoom({ fromMs, toMs });
        },
      ],
      ready: hasMarks ? [(plot: uPlot) => hearClicks(plot, newest)] : [],
    },
  });
  const keep = (name: string) => (plot: uPlot | null) => {
    if (plot === null) plots.current.delete(name);
    else plots.current.set(name, plot);
  };
  return (
    <>
      <Plot
        kind="bytes"
        options={() => options(bytesLines, bytesAxis(), { range: bytesRange }, true)}
        data={bytes}
        fromMs={shown.fromMs}
        toMs={shown.toMs}
        height={230}
        onPlot={keep("bytes")}
      />
      <Plot
        kind="share"
        options={() => options(shareLines, shareAxis(), { range: [0, 1] }, false)}
        data={shares}
        fromMs={shown.fromMs}
        toMs={shown.toMs}
        height={130}
        onPlot={keep("share")}
      />
    </>
  );
}

/** A click on the mark of a map chooses it. The listener goes with the chart's element. */
function hearClicks(plot: uPlot, newest: { readonly current: LineChartsProps }): void {
  const mapAt = ({ offsetX, offsetY }: MouseEvent): number | null => {
    if (offsetY > mapStripHeight) return null;
    const atMs = plot.posToVal(offsetX, "x") * 1000;
    const withinMs = Math.abs(plot.posToVal(offsetX + 9, "x") * 1000 - atMs);
    const maps = newest.current.marks.filter(({ kind }) => kind === "map");
    const [near] = marksNear(maps, atMs, withinMs);
    return near?.kind === "map" ? near.readingId : null;
  };
  plot.over.addEventListener("click", (event) => {
    const id = mapAt(event);
    if (id !== null) newest.current.onMap(id);
  });
  plot.over.addEventListener("mousemove", (event) => {
    plot.over.classList.toggle("is-on-map", mapAt(event) !== null);
  });
}
