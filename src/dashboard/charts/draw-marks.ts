import type uPlot from "uplot";
import type { Mark } from "./chart-marks.ts";
import type { ChartColumns } from "./chart-rows.ts";
import { cssColor, faint } from "./colors.ts";

export interface Drawn {
  readonly marks: readonly Mark[];
  readonly gaps: ChartColumns["gaps"];
  /** Id of a reading whose map is chosen; null: none. */
  readonly chosen: number | null;
}

/** Where marks of maps can be hit: so far below the top of the plot, CSS pixels. */
export const mapStripHeight = 18;

/** Shades the gaps. To be called before the lines are drawn. */
export function drawGaps(plot: uPlot, { gaps }: Drawn): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = faint(cssColor("--muted"), "1c");
  for (const { fromMs, toMs } of gaps) {
    const left = Math.max(bbox.left, plot.valToPos(fromMs / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(toMs / 1000, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** Collections: triangles at the foot; missed readings: crosses above; maps: diamonds at the top. Strokes where they stand close. */
export function drawMarks(plot: uPlot, { marks, chosen }: Drawn): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio || 1;
  const [left, right, foot] = [bbox.left, bbox.left + bbox.width, bbox.top + bbox.height];
  const colors = {
    collection: cssColor("--fine"),
    map: cssColor("--accent"),
    missed: cssColor("--critical"),
  };
  const placed = marks
    .filter((mark) => mark.kind !== "place" && mark.kind !== "block")
    .map((mark) => ({ mark, x: plot.valToPos(mark.atMs / 1000, "x", true) }))
    .filter(({ x }) => x >= left && x <= right);
  const isDense = closeKinds(placed, 10 * scale);
  ctx.save();
  ctx.lineWidth = 1.5 * scale;
  for (const { mark, x } of placed) {
    ctx.fillStyle = colors[mark.kind];
    ctx.strokeStyle = colors[mark.kind];
    ctx.beginPath();
    if (mark.kind === "collection" && isDense.has(mark.kind)) {
      ctx.moveTo(x, foot);
      ctx.lineTo(x, foot - 6 * scale);
      ctx.stroke();
    } else if (mark.kind === "collection") {
      ctx.moveTo(x - 4 * scale, foot);
      ctx.lineTo(x, foot - 8 * scale);
      ctx.lineTo(x + 4 * scale, foot);
      ctx.fill();
    } else if (mark.kind === "missed") {
      const [y, arm] = [foot - 16 * scale, 3.5 * scale];
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x - arm, y + arm);
      ctx.lineTo(x + arm, y - arm);
      ctx.stroke();
    } else if (isDense.has(mark.kind) && mark.readingId !== chosen) {
      ctx.moveTo(x, bbox.top + 4 * scale);
      ctx.lineTo(x, bbox.top + 12 * scale);
      ctx.stroke();
    } else {
      const isChosen = mark.readingId === chosen;
      const [y, arm] = [bbox.top + 8 * scale, (isChosen ? 7 : 4.5) * scale];
      ctx.moveTo(x, y - arm);
      ctx.lineTo(x + arm, y);
      ctx.lineTo(x, y + arm);
      ctx.lineTo(x - arm, y);
      ctx.closePath();
      if (isChosen) ctx.fill();
      else ctx.stroke();
    }
  }
  ctx.restore();
}

/** The kinds whose marks stand so close, by the median of their distances, that only strokes can be told apart. */
function closeKinds(
  placed: readonly { readonly mark: Mark; readonly x: number }[],
  leastPixels: number,
): ReadonlySet<Mark["kind"]> {
  const close = new Set<Mark["kind"]>();
  for (const kind of ["collection", "map"] as const) {
    const xs = placed.filter(({ mark }) => mark.kind === kind).map(({ x }) => x);
    const steps = xs.slice(1).map((x, at) => x - (xs[at] ?? x));
    steps.sort((one, other) => one - other);
    if ((steps[steps.length >> 1] ?? leastPixels) < leastPixels) close.add(kind);
  }
  return close;
}
