import type uPlot from "uplot";
import { sizeText } from "../../shared/units-text.ts";
import type { ChartColumns, LineName } from "./chart-rows.ts";
import { lineLooks, tickText } from "./chart-words.ts";
import { cssColor, faint } from "./colors.ts";

const font = '12px system-ui, "DejaVu Sans", sans-serif';
/** The same for all charts, so that their times stand above each other. */
const yAxisWidth = 68;
const bytesSteps = Array.from({ length: 34 }, (_, power) => 2 ** power);
const shareSteps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];

export function timeAxis(): uPlot.Axis {
  return {
    ...axisLook(),
    size: 36,
    space: 80,
    values: (_plot, splits, _axis, _space, step) => {
      let lastDay = "";
      return splits.map((seconds) => {
        const day = new Date(seconds * 1000).toDateString();
        const isFirst = day !== lastDay;
        lastDay = day;
        return tickText(seconds * 1000, step, isFirst);
      });
    },
  };
}

export function bytesAxis(): uPlot.Axis {
  return {
    ...axisLook(),
    size: yAxisWidth,
    incrs: bytesSteps,
    values: (_plot, splits) => splits.map((bytes) => sizeText(bytes).replace(".0 ", " ")),
  };
}

export function shareAxis(): uPlot.Axis {
  return {
    ...axisLook(),
    size: yAxisWidth,
    space: 22,
    incrs: shareSteps,
    values: (_plot, splits) => splits.map((share) => `${Number((share * 100).toFixed(1))} %`),
  };
}

function axisLook(): uPlot.Axis {
  const line = { stroke: cssColor("--line"), width: 1 };
  return { stroke: cssColor("--muted"), font, grid: line, ticks: { ...line, size: 4 }, gap: 4 };
}

/** Bytes from 0 on, with room above the highest line for the marks. */
export function fromZero(_plot: uPlot, _min: number | null, max: number | null): [number, number] {
  return [0, Math.max(max ?? 0, 16) * 1.12];
}

/** The same with room for the labels of what the application marked. */
export function fromZeroToLabels(_plot: uPlot, _min: number | null, max: number | null): [number, number] {
  return [0, Math.max(max ?? 0, 16) * 1.45];
}

/** Of each line its values, and its lows and highs with the band between. */
export function seriesOf(names: readonly LineName[]): Pick<uPlot.Options, "series" | "bands"> {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const name of names) {
    const { width, dash, color } = lineLooks[name];
    const stroke = cssColor(color);
    const at = series.length;
    series.push({ stroke, width, dash: [...dash], points: { show: false }, spanGaps: false });
    const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: false };
    series.push(edge, edge);
    bands.push({ series: [at + 2, at + 1], fill: faint(stroke, "30") });
  }
  return { series, bands };
}

export function dataOf({ x, lines }: ChartColumns, names: readonly LineName[]): uPlot.AlignedData {
  const columns = names.flatMap((name) => lines[name].map((column) => [...column]));
  return [[...x], ...columns];
}
