import fc from "fast-check";
import { expect, test } from "vitest";
import { contentSize, layoutMap, topOf } from "../../../src/dashboard/map/map-layout.ts";
import {
  boundedScale,
  cornerOf,
  fitView,
  isWhole,
  type MapView,
  panBy,
  placeAt,
  showPlace,
  stepPlace,
  visibleColumns,
  visibleRows,
  zoomAbout,
  zoomTo,
} from "../../../src/dashboard/map/map-view.ts";

const size = { width: 700, height: 500 };

test("rows are 64 × 2^k blocks, as many as show the map largest", () => {
  expect(layoutMap([512], size, 20).columns).toBe(64);
  expect(layoutMap([4096], size, 20).columns).toBe(64);
  expect(layoutMap([4096], { width: 1400, height: 300 }, 20).columns).toBe(128);
  expect(layoutMap([524_288], size, 20).columns).toBe(1024);
  expect(layoutMap([], size, 20)).toMatchObject({ rows: 0, areas: [] });
});

test("areas lie below each other, each under its title", () => {
  const layout = layoutMap([100, 64, 1], size, 20);
  expect(layout.areas).toEqual([
    { blocks: 100, rows: 2, firstRow: 0 },
    { blocks: 64, rows: 1, firstRow: 2 },
    { blocks: 1, rows: 1, firstRow: 3 },
  ]);
  expect([0, 1, 2].map((area) => topOf(layout, 10, area))).toEqual([20, 60, 90]);
});

test("a whole map of 512 blocks and one of 8 MB fit", () => {
  for (const blocks of [[512], [524_288], [100_000, 3, 40_000]]) {
    const layout = layoutMap(blocks, size, 20);
    const view = fitView(layout, size);
    expect(isWhole(layout, size, view)).toBe(true);
    expect(view.scale).toBeGreaterThan(0.4);
  }
});

test("each cell is hit in its corners and nowhere else", () => {
  const layout = layoutMap([100, 70], size, 20);
  const view: MapView = { scale: 7, x: -5, y: 3 };
  for (const place of [
    { area: 0, block: 0 },
    { area: 0, block: 99 },
    { area: 1, block: 69 },
  ]) {
    const [left, top] = cornerOf(layout, view, place);
    expect(placeAt(layout, view, left, top)).toEqual(place);
    expect(placeAt(layout, view, left + 6.9, top + 6.9)).toEqual(place);
    expect(placeAt(layout, view, left - 0.1, top)).not.toEqual(place);
  }
  const [left, top] = cornerOf(layout, view, { area: 0, block: 99 });
  expect(placeAt(layout, view, left + 7, top)).toBeNull();
  expect(placeAt(layout, view, 10, 0)).toBeNull();
  expect(placeAt(layout, view, 10, 499)).toBeNull();
});

test("zooming keeps the block under the pointer", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 640 }),
      fc.integer({ min: 40, max: 440 }),
      fc.array(fc.integer({ min: 5, max: 60 }), { minLength: 1, maxLength: 6 }),
      (px, py, scales) => {
        const layout = layoutMap([524_288, 100_000], size, 20);
        let view = zoomTo(layout, size, fitView(layout, size), 40, { px: 350, py: 250 });
        for (const scale of scales) {
          const before = placeAt(layout, view, px, py);
          view = zoomTo(layout, size, view, scale, { px, py });
          const after = placeAt(layout, view, px, py);
          const isAtEdge = view.x === 0 || view.y === 0;
          if (before === null || after === null || isAtEdge || before.area !== after.area) continue;
          const columns = Math.abs((before.block % layout.columns) - (after.block % layout.columns));
          expect(columns).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("no zoom or pan leaves the map", () => {
  const layout = layoutMap([20_000, 500], size, 20);
  fc.assert(
    fc.property(
      fc.integer({ min: -9999, max: 9999 }),
      fc.double({ min: 0.01, max: 900, noNaN: true }),
      (by, s) => {
        const view = panBy(
          layout,
          size,
          zoomTo(layout, size, fitView(layout, size), s, { px: 1, py: 499 }),
          by,
          by,
        );
        const content = contentSize(layout, view.scale);
        // Whole pixels: a map that ends within one is shown to the end of that.
        expect(view.x).toBeLessThanOrEqual(Math.max(0, Math.ceil(content.width - size.width)));
        expect(view.y).toBeLessThanOrEqual(Math.max(0, Math.ceil(content.height - size.height)));
        expect(view.y).toBeGreaterThanOrEqual(0);
        expect(view.scale).toBeLessThanOrEqual(64);
        expect(view.scale).toBeGreaterThanOrEqual(fitView(layout, size).scale);
      },
    ),
  );
  expect(boundedScale(layout, size, 1000)).toBe(64);
});

test("a narrow map stands in the middle", () => {
  const layout = layoutMap([64 * 64], { width: 1000, height: 400 }, 20);
  const view = fitView(layout, { width: 1000, height: 400 });
  const left = cornerOf(layout, view, { area: 0, block: 0 })[0];
  expect(left).toBeCloseTo(1000 - (left + layout.columns * view.scale), -1);
});

test("the cursor steps over the borders of areas and stops at the ends", () => {
  const layout = layoutMap([100, 70], size, 20);
  expect(stepPlace(layout, { area: 0, block: 99 }, 1)).toEqual({ area: 1, block: 0 });
  expect(stepPlace(layout, { area: 1, block: 0 }, -1)).toEqual({ area: 0, block: 99 });
  expect(stepPlace(layout, { area: 0, block: 0 }, -64)).toEqual({ area: 0, block: 0 });
  expect(stepPlace(layout, { area: 1, block: 60 }, 1000)).toEqual({ area: 1, block: 69 });
});

test("the view follows the cursor no further than needed", () => {
  const layout = layoutMap([524_288], size, 20);
  const near = zoomTo(layout, size, fitView(layout, size), 20, { px: 0, py: 0 });
  const far = showPlace(layout, size, near, { area: 0, block: 300 * layout.columns + 700 });
  const [left, top] = cornerOf(layout, far, { area: 0, block: 300 * layout.columns + 700 });
  expect(left).toBeGreaterThanOrEqual(0);
  expect(left + 20).toBeLessThanOrEqual(size.width);
  expect(top + 20).toBeLessThanOrEqual(size.height);
  expect(showPlace(layout, size, far, { area: 0, block: 300 * layout.columns + 699 })).toBe(far);
});

test("only rows and columns on the canvas are drawn", () => {
  const layout = layoutMap([524_288], size, 20);
  const view: MapView = { scale: 10, x: 1000, y: 2000 };
  expect(visibleColumns(layout, size, view)).toEqual({ from: 100, to: 170 });
  expect(visibleRows(layout, size, view, 0)).toEqual({ from: 198, to: 248 });
});

test("keys zoom about the selected block, which stays in sight, also where it was not", () => {
  const layout = layoutMap([524_288], size, 20);
  for (const block of [0, 200_000, 524_287]) {
    const place = { area: 0, block };
    let view = fitView(layout, size);
    for (let step = 0; step < 12; step++) {
      view = zoomAbout(layout, size, view, view.scale * 1.5, place);
      const [left, top] = cornerOf(layout, view, place);
      expect(left).toBeGreaterThan(-0.5);
      expect(left + view.scale).toBeLessThan(size.width + 0.5);
      expect(top).toBeGreaterThan(-0.5);
      expect(top + view.scale).toBeLessThan(size.height + 0.5);
    }
    expect(view.scale).toBeGreaterThan(30);
  }
});

test("a whole map is whole at every width, whatever its fitting scale is", () => {
  for (let width = 200; width < 1500; width++) {
    const at = { width, height: 400 };
    const layout = layoutMap([4_100, 77], at, 20);
    expect(isWhole(layout, at, fitView(layout, at))).toBe(true);
  }
});
