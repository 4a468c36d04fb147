/** Where the areas of a map lie: rows of blocks from left to right, one area below the other, each under its title. */
export interface MapLayout {
  /** Blocks per row: 64 × 2^k, so that rows begin where mem_info's own lines do. */
  readonly columns: number;
  readonly areas: readonly AreaLayout[];
  /** Of all areas. */
  readonly rows: number;
  /** Room above each area, device pixels: it does not grow with the zoom. */
  readonly titlePx: number;
}

export interface AreaLayout {
  readonly blocks: number;
  readonly rows: number;
  /** Rows of the areas before it. */
  readonly firstRow: number;
}

/** Device pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const lineBlocks = 64;

/** Takes the row length with which the whole map is shown largest in `most`; of equal ones the shortest. */
export function layoutMap(areaBlocks: readonly number[], most: Size, titlePx: number): MapLayout {
  const largest = Math.max(1, ...areaBlocks);
  let best = layoutOf(areaBlocks, lineBlocks, titlePx);
  let bestScale = exactScale(best, most);
  for (let columns = lineBlocks * 2; columns / 2 < largest; columns *= 2) {
    const layout = layoutOf(areaBlocks, columns, titlePx);
    const scale = exactScale(layout, most);
    if (scale <= bestScale) continue;
    best = layout;
    bestScale = scale;
  }
  return best;
}

/** The scale (device pixels per block) at which the whole map just fits. */
export function exactScale(layout: MapLayout, { width, height }: Size): number {
  const room = Math.max(1, height - layout.areas.length * layout.titlePx);
  return Math.min(width / layout.columns, room / Math.max(1, layout.rows));
}

/** Device pixels from the top of the map to the first row of an area. */
export function topOf(layout: MapLayout, scale: number, area: number): number {
  return (area + 1) * layout.titlePx + (layout.areas[area]?.firstRow ?? layout.rows) * scale;
}

export function contentSize(layout: MapLayout, scale: number): Size {
  return {
    width: layout.columns * scale,
    height: layout.areas.length * layout.titlePx + layout.rows * scale,
  };
}

function layoutOf(areaBlocks: readonly number[], columns: number, titlePx: number): MapLayout {
  let rows = 0;
  const areas = areaBlocks.map((blocks) => {
    const area = { blocks, rows: Math.ceil(blocks / columns), firstRow: rows };
    rows += area.rows;
    return area;
  });
  return { columns, areas, rows, titlePx };
}
