import type uPlot from "uplot";
import { labelText } from "../marks/mark-words.ts";
import type { Mark } from "./chart-marks.ts";
import { cssColor, faint } from "./colors.ts";
import { mapStripHeight } from "./draw-marks.ts";
import { placeLabels, shortLabel } from "./place-labels.ts";

type Block = Extract<Mark, { readonly kind: "block" }>;

const rowHeight = 14;
/** Between a line and its label, and between a label and the next. */
const gap = 4;

/** Shades the measured blocks. To be called before the lines are drawn. */
export function drawBlocks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = faint(cssColor("--chart-mark"), "2e");
  for (const { fromMs, atMs } of marks.filter((mark): mark is Block => mark.kind === "block")) {
    const from = plot.valToPos((fromMs ?? atMs) / 1000, "x", true);
    const left = Math.max(bbox.left, from);
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(atMs / 1000, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** What the application marked: a thin line with its label, of blocks where they settled; a tick where there is no room for that. */
export function drawPlaces(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio || 1;
  const [left, right, foot] = [bbox.left, bbox.left + bbox.width, bbox.top + bbox.height];
  const color = cssColor("--chart-mark");
  ctx.save();
  ctx.font = `${11 * scale}px system-ui, "DejaVu Sans", sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const placed = marks
    .flatMap((mark) => {
      if (mark.kind !== "place" && mark.kind !== "block") return [];
      const text = shortLabel(labelText(mark.event.label));
      return [{ x: plot.valToPos(mark.atMs / 1000, "x", true), text }];
    })
    .filter(({ x }) => x >= left && x <= right)
    .map((one) => ({ ...one, width: ctx.measureText(one.text).width + 2 * gap * scale }));
  const places = placeLabels(placed, left, right);
  const top = bbox.top + mapStripHeight * scale;
  ctx.lineWidth = scale;
  placed.forEach(({ x }, at) => {
    const hasLabel = places[at] !== null;
    ctx.strokeStyle = hasLabel ? faint(color, "99") : color;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, hasLabel ? foot : top + 8 * scale);
    ctx.stroke();
  });
  placed.forEach(({ text, width }, at) => {
    const place = places[at];
    if (place == null) return;
    const y = top + (place.row + 0.5) * rowHeight * scale;
    // Whatever runs behind it, a label can be read.
    ctx.fillStyle = faint(cssColor("--surface"), "b3");
    ctx.fillRect(place.left + scale, y - 6.5 * scale, width - 2 * scale, 13 * scale);
    ctx.fillStyle = color;
    ctx.fillText(text, place.left + gap * scale, y);
  });
  ctx.restore();
}
