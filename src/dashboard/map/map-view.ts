import type { CellPlace } from "./map-cells.ts";
import { contentSize, exactScale, type MapLayout, type Size, topOf } from "./map-layout.ts";

/** Which part of a map is seen. Device pixels. */
export interface MapView {
  /** Per block. Whole from `wholeFrom` on, so that all cells are equally large. */
  readonly scale: number;
  /** Of the map, at the left and upper edge of the canvas; negative where the map is narrower than that and stands in the middle. */
  readonly x: number;
  readonly y: number;
}

const wholeFrom = 3;
const mostScale = 64;

/** The whole map. */
export function fitView(layout: MapLayout, size: Size): MapView {
  return clampView(layout, size, { scale: wholeScale(exactScale(layout, size)), x: 0, y: 0 });
}

/**
 * The view with the scale `wanted`, or the nearest possible, in which the block under (px, py) stays there. From the fitting scale
 * to 64 pixels per block.
 */
export function zoomTo(
  layout: MapLayout,
  size: Size,
  view: MapView,
  wanted: number,
  { px, py }: { readonly px: number; readonly py: number },
): MapView {
  const scale = wholeScale(boundedScale(layout, size, wanted));
  let area = 0;
  while (area + 1 < layout.areas.length && topOf(layout, view.scale, area + 1) <= py + view.y) area++;
  const row = (py + view.y - topOf(layout, view.scale, area)) / view.scale;
  // Above an area's rows is its title, whose height stays as it is.
  const y = topOf(layout, scale, area) + (row < 0 ? row * view.scale : row * scale) - py;
  const x = ((px + view.x) / view.scale) * scale - px;
  return clampView(layout, size, { scale, x, y });
}

/** Zooms about the middle of a block, which stays in sight, as far as the map's edges let it. */
export function zoomAbout(
  layout: MapLayout,
  size: Size,
  view: MapView,
  wanted: number,
  place: CellPlace,
): MapView {
  const seen = showPlace(layout, size, view, place);
  const [left, top] = cornerOf(layout, seen, place);
  const at = { px: left + seen.scale / 2, py: top + seen.scale / 2 };
  return showPlace(layout, size, zoomTo(layout, size, seen, wanted, at), place);
}

/** `wanted`, not below the fitting scale and not above the greatest. */
export function boundedScale(layout: MapLayout, size: Size, wanted: number): number {
  const least = wholeScale(exactScale(layout, size));
  return Math.min(Math.max(wanted, least), Math.max(mostScale, least));
}

export function panBy(layout: MapLayout, size: Size, view: MapView, dx: number, dy: number): MapView {
  return clampView(layout, size, { ...view, x: view.x + dx, y: view.y + dy });
}

/** True where all of the map is seen. */
export function isWhole(layout: MapLayout, size: Size, view: MapView): boolean {
  const content = contentSize(layout, view.scale);
  // The fitting scale is a quotient: what it gives may be a trifle too much.
  return content.width <= size.width + 0.5 && content.height <= size.height + 0.5;
}

/** The block under a point of the canvas; null beside the areas. */
export function placeAt(layout: MapLayout, view: MapView, px: number, py: number): CellPlace | null {
  const column = Math.floor((px + view.x) / view.scale);
  if (column < 0 || column >= layout.columns) return null;
  for (const [area, { rows, blocks }] of layout.areas.entries()) {
    const row = Math.floor((py + view.y - topOf(layout, view.scale, area)) / view.scale);
    if (row < 0) return null;
    const block = row * layout.columns + column;
    if (row < rows) return block < blocks ? { area, block } : null;
  }
  return null;
}

/** Left upper corner of a block on the canvas. */
export function cornerOf(layout: MapLayout, view: MapView, { area, block }: CellPlace): [number, number] {
  const row = Math.floor(block / layout.columns);
  const column = block % layout.columns;
  return [column * view.scale - view.x, topOf(layout, view.scale, area) + row * view.scale - view.y];
}

/** Moves the view as little as it takes to show the block, with some of its neighbours. */
export function showPlace(layout: MapLayout, size: Size, view: MapView, place: CellPlace): MapView {
  const [left, top] = cornerOf(layout, view, place);
  const margin = Math.min(2 * view.scale, size.width / 4, size.height / 4);
  const dx = shift(left, view.scale, size.width, margin);
  const dy = shift(top, view.scale, size.height, margin);
  return dx === 0 && dy === 0 ? view : panBy(layout, size, view, dx, dy);
}

/** The rows of an area that are on the canvas, `to` not included. */
export function visibleRows(
  layout: MapLayout,
  size: Size,
  view: MapView,
  area: number,
): { readonly from: number; readonly to: number } {
  const top = topOf(layout, view.scale, area) - view.y;
  const rows = layout.areas[area]?.rows ?? 0;
  const from = Math.max(0, Math.floor(-top / view.scale));
  const to = Math.min(rows, Math.ceil((size.height - top) / view.scale));
  return { from, to: Math.max(from, to) };
}

/** The columns that are on the canvas, `to` not included. */
export function visibleColumns(
  layout: MapLayout,
  size: Size,
  view: MapView,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor(view.x / view.scale));
  const to = Math.min(layout.columns, Math.ceil((size.width + view.x) / view.scale));
  return { from, to: Math.max(from, to) };
}

/** The block that an arrow key leads to: rows follow each other over the areas' borders. */
export function stepPlace(layout: MapLayout, place: CellPlace, blocks: number): CellPlace {
  let { area } = place;
  let block = place.block + blocks;
  while (block < 0 && area > 0) block += layout.areas[--area]?.blocks ?? 0;
  for (;;) {
    const most = layout.areas[area]?.blocks ?? 0;
    if (block < most) return { area, block: Math.max(0, block) };
    if (area + 1 >= layout.areas.length) return { area, block: Math.max(0, most - 1) };
    block -= most;
    area++;
  }
}

function clampView(layout: MapLayout, size: Size, view: MapView): MapView {
  const content = contentSize(layout, view.scale);
  const x =
    content.width <= size.width
      ? -Math.floor((size.width - content.width) / 2)
      : Math.round(Math.min(Math.max(0, view.x), content.width - size.width));
  const y = Math.round(Math.min(Math.max(0, view.y), Math.max(0, content.height - size.height)));
  return { scale: view.scale, x, y };
}

function wholeScale(scale: number): number {
  return scale >= wholeFrom ? Math.floor(scale) : scale;
}

function shift(start: number, length: number, room: number, margin: number): number {
  if (start < margin) return start - margin;
  return Math.max(0, start + length + margin - room);
}
