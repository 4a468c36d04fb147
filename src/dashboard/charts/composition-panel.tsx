import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { ReadingView } from "../../client/views.ts";
import { blockWords } from "../../shared/block-words.ts";
import { changeText, countText, sizeText } from "../../shared/units-text.ts";
import { typeColor } from "../map/palette.ts";
import { Time } from "../parts/time.tsx";
import { mostMarks } from "./chart-marks.ts";
import type { ChartColumns } from "./chart-rows.ts";
import { useScheme } from "./colors.ts";
import { brokenAt, compositionsOf, restLetter, type Stack, stackOf } from "./composition.ts";
import { Plot } from "./plot.tsx";
import { bytesAxis, fromZero, timeAxis } from "./plot-options.ts";
import type { Zoom } from "./use-chart-data.ts";

/** What the heap is made of over time, by the types of its objects, from the stored maps. */
export function CompositionPanel({
  mapped,
  gaps,
  shown,
  isHelper,
}: {
  readonly mapped: readonly ReadingView[];
  readonly gaps: ChartColumns["gaps"];
  readonly shown: Zoom;
  /** The board's application reports by itself, and is not asked. */
  readonly isHelper: boolean;
}) {
  const stack = useMemo(() => stackOf(compositionsOf(mapped)), [mapped]);
  const columns = useMemo(() => brokenAt(stack, gaps), [stack, gaps]);
  const data = useMemo(
    (): uPlot.AlignedData => [[...columns.x], ...columns.tops.map((top) => [...top])],
    [columns],
  );
  const [cursor, setCursor] = useState<number | null>(null);
  const isDark = useScheme() === "dark";
  const last = stack.x.length - 1;
  const at = (cursor === null ? null : columns.maps[cursor]) ?? last;
  return (
    <section class="panel charts" aria-labelledby="composition-title">
      <h2 id="composition-title">What the heap is made of</h2>
      {last < 1 ? (
        <p class="quiet">
          {last < 0 ? "No map in this time." : "One map so far."} This chart needs two;{" "}
          {isHelper
            ? "the board's helper reports one from time to time (map_every)."
            : "a map is taken when the heap has moved, on the map interval, and by “Read map now”."}
        </p>
      ) : (
        <>
          <Plot
            kind={stack.letters.join("")}
            options={() => ({
              ...areasOf(stack, isDark),
              scales: { y: { range: fromZero } },
              axes: [timeAxis(), bytesAxis()],
              legend: { show: false },
              padding: [9, 12, 0, 0],
              cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
              hooks: { setCursor: [(plot: uPlot) => setCursor(plot.cursor.idx ?? null)] },
            })}
            data={data}
            fromMs={shown.fromMs}
            toMs={shown.toMs}
            height={200}
          />
          <p class="readout-time">
            {cursor === null ? "Newest map: " : ""}
            <strong>
              <Time at={(stack.x[at] ?? 0) * 1000} />
            </strong>{" "}
            <span class="quiet">
              {countText(stack.x.length, "map")}
              {stack.x.length >= mostMarks && ", the newest ones"}; change since the first
            </span>
          </p>
          <Legend stack={stack} at={at} isDark={isDark} />
        </>
      )}
    </section>
  );
}

function Legend({
  stack,
  at,
  isDark,
}: {
  readonly stack: Stack;
  readonly at: number;
  readonly isDark: boolean;
}) {
  return (
    <ul class="composition-legend">
      {stack.letters.map((letter, row) => {
        const bytes = stack.own[row]?.[at] ?? 0;
        const change = bytes - (stack.own[row]?.[0] ?? 0);
        return (
          <li key={letter}>
            <span class="swatch" style={{ background: colorOf(letter, isDark) }} />
            <code>{letter === restLetter ? "" : letter}</code>{" "}
            {letter === restLetter ? "rarer types" : blockWords(letter).words}{" "}
            <strong>{sizeText(bytes)}</strong>{" "}
            <span class="quiet">{change === 0 ? "±0" : changeText(change)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Each area reaches from the one below up to its top; the lowest one down to 0. */
function areasOf({ letters }: Stack, isDark: boolean): Pick<uPlot.Options, "series" | "bands"> {
  const series: uPlot.Series[] = letters.map((letter, row) => {
    const color = colorOf(letter, isDark);
    return {
      stroke: color,
      // Of thin areas one would see nothing but their lines.
      width: 0,
      points: { show: false },
      ...(row === 0 && { fill: color }),
    };
  });
  const bands = letters
    .slice(1)
    .map((letter, row): uPlot.Band => ({ series: [row + 2, row + 1], fill: colorOf(letter, isDark) }));
  return { series: [{}, ...series], bands };
}

function colorOf(letter: string, isDark: boolean): string {
  return typeColor(letter === restLetter ? "?" : letter, isDark);
}
