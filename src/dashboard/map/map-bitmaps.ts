import type { AreaCells, MapCells } from "./map-cells.ts";
import type { MapLayout, Size } from "./map-layout.ts";
import { type AreaMarks, mark } from "./map-marks.ts";
import { cornerOf, type MapView, visibleColumns, visibleRows } from "./map-view.ts";

type Bitmap = HTMLCanvasElement;

/** One canvas per area with one pixel per block, so that zoom and pan only copy. */
export class MapBitmaps {
  #areas: Bitmap[] = [];

  paintCells({ areas }: MapCells, layout: MapLayout, pixels: Uint32Array): void {
    this.#paint(areas.length, layout, (at, target) => {
      const area = areas[at];
      if (area !== undefined) fillRuns(area, pixels, target);
    });
  }

  /** `pixels`: per mark. 0 is transparent. */
  paintMarks(marks: AreaMarks, layout: MapLayout, pixels: Uint32Array): void {
    this.#paint(marks.length, layout, (at, target) => {
      const signs = marks[at] ?? new Uint8Array(0);
      for (let block = 0; block < signs.length; block++) {
        const sign = signs[block] as number;
        if (sign !== mark.none) target[block] = pixels[sign] as number;
      }
    });
  }

  #paint(count: number, layout: MapLayout, fill: (area: number, target: Uint32Array) => void): void {
    this.#areas.length = Math.min(this.#areas.length, count);
    for (let at = 0; at < count; at++) {
      const rows = Math.max(1, layout.areas[at]?.rows ?? 1);
      const bitmap = this.#areas[at] ?? document.createElement("canvas");
      this.#areas[at] = bitmap;
      if (bitmap.width !== layout.columns) bitmap.width = layout.columns;
      if (bitmap.height !== rows) bitmap.height = rows;
      const image = new ImageData(layout.columns, rows);
      fill(at, new Uint32Array(image.data.buffer));
      bitmap.getContext("2d")?.putImageData(image, 0, 0);
    }
  }

  /** Copies what is seen. Below one pixel per block neighbours are mixed, since some of them would not show at all. */
  draw(context: CanvasRenderingContext2D, layout: MapLayout, size: Size, view: MapView): void {
    context.imageSmoothingEnabled = view.scale < 1;
    const columns = visibleColumns(layout, size, view);
    const width = columns.to - columns.from;
    this.#areas.forEach((bitmap, area) => {
      const rows = visibleRows(layout, size, view, area);
      const height = rows.to - rows.from;
      if (width <= 0 || height <= 0) return;
      const [left, top] = cornerOf(layout, view, { area, block: rows.from * layout.columns + columns.from });
      context.drawImage(
        bitmap,
        columns.from,
        rows.from,
        width,
        height,
        left,
        top,
        width * view.scale,
        height * view.scale,
      );
    });
  }
}

/**
 * Run by run, the long ones by the engine's own fill: the first picture comes before its compiler has seen this loop, and a loop
 * over every block would take tens of ms then.
 */
function fillRuns({ kinds, starts }: AreaCells, pixels: Uint32Array, target: Uint32Array): void {
  for (let run = 0; run + 1 < starts.length; run++) {
    const from = starts[run] as number;
    const to = starts[run + 1] as number;
    if (from === to) continue;
    target[from] = pixels[kinds[from] as number] as number;
    if (to - from > 1) target.fill(pixels[kinds[from + 1] as number] as number, from + 1, to);
  }
}
