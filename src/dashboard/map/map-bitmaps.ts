import type { MapCells } from "./map-cells.ts";
import type { MapLayout, Size } from "./map-layout.ts";
import type { AreaMarks } from "./map-marks.ts";
import { cornerOf, type MapView, visibleColumns, visibleRows } from "./map-view.ts";

type Bitmap = HTMLCanvasElement;

/** One canvas per area with one pixel per block, so that zoom and pan only copy. */
export class MapBitmaps {
  #areas: Bitmap[] = [];

  /** `pixels`: per value of a cell. 0 is transparent. */
  paint(areas: readonly Uint8Array[], layout: MapLayout, pixels: Uint32Array): void {
    this.#areas.length = Math.min(this.#areas.length, areas.length);
    areas.forEach((values, at) => {
      const rows = Math.max(1, layout.areas[at]?.rows ?? 1);
      const bitmap = this.#areas[at] ?? document.createElement("canvas");
      this.#areas[at] = bitmap;
      if (bitmap.width !== layout.columns) bitmap.width = layout.columns;
      if (bitmap.height !== rows) bitmap.height = rows;
      const image = new ImageData(layout.columns, rows);
      const target = new Uint32Array(image.data.buffer);
      for (let block = 0; block < values.length; block++)
        target[block] = pixels[values[block] as number] as number;
      bitmap.getContext("2d")?.putImageData(image, 0, 0);
    });
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

/** The values of a map's cells, for `paint`. */
export function kindsOf(cells: MapCells): AreaMarks {
  return cells.areas.map(({ kinds }) => kinds);
}
