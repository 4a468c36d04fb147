import type { CellPlace } from "./map-cells.ts";
import type { MapLayout, Size } from "./map-layout.ts";
import { type AreaMarks, mark } from "./map-marks.ts";
import { cornerOf, type MapView, visibleColumns, visibleRows } from "./map-view.ts";

/** The page's colours, as CSS has them. */
export interface MapTheme {
  readonly isDark: boolean;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  readonly appeared: string;
  readonly went: string;
  readonly changed: string;
}

/** What all drawing functions need: where they draw. */
export interface MapStageView {
  readonly context: CanvasRenderingContext2D;
  readonly layout: MapLayout;
  readonly size: Size;
  readonly view: MapView;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** From this size on cells have gaps and signs, CSS pixels. */
export const gapFromPx = 6;

/** Lines of the page's colour between cells. */
export function drawGaps(at: MapStageView, theme: MapTheme): void {
  const { context, layout, size, view, ratio } = at;
  if (view.scale < gapFromPx * ratio) return;
  const line = Math.max(1, Math.round(ratio));
  context.fillStyle = theme.surface;
  const columns = visibleColumns(layout, size, view);
  layout.areas.forEach((_, area) => {
    const rows = visibleRows(layout, size, view, area);
    if (rows.to === rows.from) return;
    const [left, top] = cornerOf(layout, view, { area, block: rows.from * layout.columns + columns.from });
    const width = (columns.to - columns.from) * view.scale;
    const height = (rows.to - rows.from) * view.scale;
    for (let x = view.scale; x <= width; x += view.scale)
      context.fillRect(left + x - line, top, line, height);
    for (let y = view.scale; y <= height; y += view.scale)
      context.fillRect(left, top + y - line, width, line);
  });
}

/** Each area's title above its rows; it stays at the left edge however far one pans. */
export function drawTitles(at: MapStageView, theme: MapTheme, titles: readonly string[]): void {
  const { context, layout, view, ratio, size } = at;
  context.font = `${Math.round(12 * ratio)}px ui-monospace, "DejaVu Sans Mono", monospace`;
  context.textBaseline = "middle";
  titles.forEach((title, area) => {
    const [, top] = cornerOf(layout, view, { area, block: 0 });
    const y = top - layout.titlePx;
    if (y > size.height || top < 0) return;
    context.fillStyle = theme.surface;
    context.fillRect(0, y, size.width, layout.titlePx - Math.round(3 * ratio));
    context.fillStyle = theme.muted;
    context.fillText(title, Math.max(0, -view.x), y + layout.titlePx / 2);
  });
}

/** A line around blocks `from` to `to` (not included) of an area. */
export function outlineRun(
  at: MapStageView,
  area: number,
  from: number,
  to: number,
  color: string,
  widthPx: number,
): void {
  const { context, layout, view, ratio } = at;
  const { columns } = layout;
  const first = Math.floor(from / columns);
  const last = Math.floor((to - 1) / columns);
  const [left] = cornerOf(layout, view, { area, block: 0 });
  const x = (column: number): number => left + column * view.scale;
  const y = (row: number): number => cornerOf(layout, view, { area, block: row * columns })[1];
  const start = from % columns;
  const end = ((to - 1) % columns) + 1;
  const trace = (): void => {
    context.beginPath();
    if (first === last || (last === first + 1 && end <= start)) {
      // One piece, or two that do not touch.
      const firstEnd = first === last ? end : columns;
      context.rect(x(start), y(first), (firstEnd - start) * view.scale, view.scale);
      if (first !== last) context.rect(x(0), y(last), end * view.scale, view.scale);
      return;
    }
    context.moveTo(x(start), y(first));
    context.lineTo(x(columns), y(first));
    context.lineTo(x(columns), y(last));
    context.lineTo(x(end), y(last));
    context.lineTo(x(end), y(last + 1));
    context.lineTo(x(0), y(last + 1));
    context.lineTo(x(0), y(first + 1));
    context.lineTo(x(start), y(first + 1));
    context.closePath();
  };
  trace();
  context.lineJoin = "round";
  context.strokeStyle = color;
  context.lineWidth = widthPx * ratio;
  context.stroke();
}

/** A frame around one block that shows on every colour. */
export function drawCursor(at: MapStageView, place: CellPlace, theme: MapTheme): void {
  const { context, layout, view, ratio } = at;
  const [left, top] = cornerOf(layout, view, place);
  const side = Math.max(view.scale, 5 * ratio);
  const grow = (side - view.scale) / 2;
  for (const [color, width] of [
    [theme.surface, 4],
    [theme.ink, 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width * ratio;
    context.strokeRect(left - grow, top - grow, side, side);
  }
}

/**
 * Signs on changed cells that are large enough: a cross on those that appeared, an empty frame where they went, a slash where they
 * are something else now. Smaller cells show their colour alone; the bitmaps hold that.
 */
export function drawSigns(at: MapStageView, marks: AreaMarks, theme: MapTheme): void {
  const { context, view, ratio } = at;
  if (view.scale < gapFromPx * ratio) return;
  const gap = Math.max(1, Math.round(ratio));
  const side = view.scale - gap;
  const inset = Math.max(1, side * 0.22);
  const paths = [new Path2D(), new Path2D(), new Path2D(), new Path2D()];
  eachMarked(at, marks, (left, top, sign) => {
    const path = paths[sign] as Path2D;
    if (sign === mark.appeared) {
      path.moveTo(left + side / 2, top + inset);
      path.lineTo(left + side / 2, top + side - inset);
      path.moveTo(left + inset, top + side / 2);
      path.lineTo(left + side - inset, top + side / 2);
    } else if (sign === mark.went) {
      path.rect(left + inset, top + inset, side - 2 * inset, side - 2 * inset);
    } else {
      path.moveTo(left + inset, top + side - inset);
      path.lineTo(left + side - inset, top + inset);
    }
  });
  context.lineWidth = Math.max(ratio, side / 8);
  context.strokeStyle = theme.surface;
  for (const path of [paths[mark.appeared], paths[mark.changed]]) if (path) context.stroke(path);
  const went = paths[mark.went];
  if (went) {
    context.fillStyle = theme.surface;
    context.fill(went);
  }
}

/** A frame around each changed cell; where cells are small, the cells filled. */
export function outlineMarks(at: MapStageView, marks: AreaMarks, color: string): void {
  const { context, view, ratio } = at;
  const width = Math.max(1, Math.round(1.5 * ratio));
  const isSmall = view.scale < 4 * ratio;
  const path = new Path2D();
  eachMarked(at, marks, (left, top) => {
    if (isSmall) path.rect(left, top, view.scale, view.scale);
    else path.rect(left + width / 2, top + width / 2, view.scale - 2 * width, view.scale - 2 * width);
  });
  context.lineWidth = width;
  context.strokeStyle = color;
  context.fillStyle = color;
  if (isSmall) context.fill(path);
  else context.stroke(path);
}

function eachMarked(
  { layout, size, view }: MapStageView,
  marks: AreaMarks,
  found: (left: number, top: number, sign: number) => void,
): void {
  const columns = visibleColumns(layout, size, view);
  marks.forEach((signs, area) => {
    const rows = visibleRows(layout, size, view, area);
    const [left, top] = cornerOf(layout, view, { area, block: 0 });
    for (let row = rows.from; row < rows.to; row++) {
      for (let column = columns.from; column < columns.to; column++) {
        const sign = signs[row * layout.columns + column] ?? mark.none;
        if (sign !== mark.none) found(left + column * view.scale, top + row * view.scale, sign);
      }
    }
  });
}
