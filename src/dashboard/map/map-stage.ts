import { noteDraw } from "./draw-timing.ts";
import { MapBitmaps } from "./map-bitmaps.ts";
import { type CellPlace, largestFreeRun, type MapCells, runAt, sameAreas } from "./map-cells.ts";
import {
  drawCursor,
  drawGaps,
  drawSigns,
  drawTitles,
  type MapStageView,
  type MapTheme,
  outlineMarks,
  outlineRun,
} from "./map-drawing.ts";
import { exactScale, layoutMap, type MapLayout, type Size } from "./map-layout.ts";
import { type AreaMarks, mark } from "./map-marks.ts";
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
  zoomAbout,
  zoomTo,
} from "./map-view.ts";
import { type Emphasis, kindPixels, pixelOf, rgbOf } from "./palette.ts";
import { areaTitles } from "./place-text.ts";

/** What is drawn besides the cells. */
export interface StageLook {
  readonly theme: MapTheme;
  readonly emphasis: Emphasis;
  /** Marks that stay, with the cells muted behind them; null: none. */
  readonly marks: AreaMarks | null;
}

const flashMs = 1500;
const titleCssPx = 20;

/** The picture on one canvas: what is seen of the map, and drawing it, at most once a frame. */
export class MapStage {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #cellBitmaps = new MapBitmaps();
  readonly #markBitmaps = new MapBitmaps();
  readonly #flashBitmaps = new MapBitmaps();
  #cells: MapCells = { blockSizeBytes: 0, areas: [] };
  #look: StageLook | null = null;
  #layout: MapLayout = layoutMap([], { width: 1, height: 1 }, 0);
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;
  #view: MapView = { scale: 1, x: 0, y: 0 };
  /** What was asked for, of which `#view.scale` is the nearest whole. */
  #wantedScale = 1;
  #flash: { readonly marks: AreaMarks; readonly startMs: number; readonly stays: boolean } | null = null;
  #cursor: CellPlace | null = null;
  #hovered: CellPlace | null = null;
  #frame = 0;
  #isUnpainted = true;
  #isClosed = false;
  #isMoved = false;
  #largest: ReturnType<typeof largestFreeRun> = null;
  #mostHeight = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
  }

  get layout(): MapLayout {
    return this.#layout;
  }

  get cursor(): CellPlace | null {
    return this.#cursor;
  }

  get isWhole(): boolean {
    return isWhole(this.#layout, this.#size, this.#view);
  }

  /** CSS pixels of the canvas. `mostHeight`: it is lower where the map needs less. */
  resize(width: number, mostHeight: number, ratio: number): void {
    if (width <= 0) return;
    this.#ratio = ratio;
    const most = { width: Math.round(width * ratio), height: Math.round(mostHeight * ratio) };
    this.#lay(most);
  }

  /** Keeps what is seen where the areas are the same. */
  show(cells: MapCells): void {
    const isSame = sameAreas(this.#cells, cells);
    this.#cells = cells;
    this.#largest = null;
    this.#isUnpainted = true;
    if (!isSame) {
      this.#cursor = null;
      this.#hovered = null;
      this.#lay({ width: this.#size.width, height: this.#mostHeight });
    }
    this.#schedule();
  }

  dress(look: StageLook): void {
    this.#look = look;
    this.#isUnpainted = true;
    this.#schedule();
  }

  /** `stays`: outlined until the next one, in place of a flash. */
  flash(marks: AreaMarks, stays: boolean): void {
    this.#flash = { marks, startMs: performance.now(), stays };
    const accent = this.#look === null ? 0 : pixelOf(rgbOf(this.#look.theme.accent));
    this.#flashBitmaps.paintMarks(marks, this.#layout, Uint32Array.of(0, accent, accent, accent));
    this.#schedule();
  }

  /** Device-independent: `factor` 2 is twice as large. Without a point, around the middle. CSS pixels. */
  zoom(factor: number, point?: { readonly x: number; readonly y: number }): void {
    const { width, height } = this.#size;
    const at =
      point === undefined
        ? { px: width / 2, py: height / 2 }
        : { px: point.x * this.#ratio, py: point.y * this.#ratio };
    this.#wantedScale = boundedScale(this.#layout, this.#size, this.#wantedScale * factor);
    this.#see(zoomTo(this.#layout, this.#size, this.#view, this.#wantedScale, at));
  }

  /** One step of a button or key, which always changes something where it can: about the cursor, else the middle. */
  zoomStep(isIn: boolean): void {
    const { scale } = this.#view;
    const wanted = isIn ? Math.max(scale * 1.5, scale >= 2 ? scale + 1 : 0) : scale / 1.5;
    this.#wantedScale = scale;
    if (this.#cursor === null) {
      this.zoom(wanted / scale);
      return;
    }
    this.#wantedScale = boundedScale(this.#layout, this.#size, wanted);
    this.#see(zoomAbout(this.#layout, this.#size, this.#view, this.#wantedScale, this.#cursor));
  }

  fit(): void {
    const view = fitView(this.#layout, this.#size);
    this.#wantedScale = view.scale;
    this.#see(view);
  }

  /** CSS pixels by which the seen part moves over the map. */
  pan(dx: number, dy: number): void {
    this.#see(panBy(this.#layout, this.#size, this.#view, dx * this.#ratio, dy * this.#ratio));
  }

  /** A share of what is seen. */
  panShare(x: number, y: number): void {
    this.pan((x * this.#size.width) / this.#ratio, (y * this.#size.height) / this.#ratio);
  }

  /** CSS pixels on the canvas. */
  placeAt(x: number, y: number): CellPlace | null {
    return placeAt(this.#layout, this.#view, x * this.#ratio, y * this.#ratio);
  }

  hover(place: CellPlace | null): void {
    this.#hovered = place;
    this.#schedule();
  }

  setCursor(place: CellPlace | null): void {
    this.#cursor = place;
    if (place !== null) this.#see(showPlace(this.#layout, this.#size, this.#view, place));
    this.#schedule();
  }

  /** Moves the cursor by so many columns and rows, from the first block where there is none yet. */
  moveCursor(columns: number, rows: number): CellPlace | null {
    if (this.#layout.rows === 0) return null;
    const from = this.#cursor;
    const next =
      from === null
        ? (this.placeAt(0, 0) ?? { area: 0, block: this.#firstSeen() })
        : stepPlace(this.#layout, from, columns + rows * this.#layout.columns);
    this.setCursor(next);
    return next;
  }

  close(): void {
    this.#isClosed = true;
    cancelAnimationFrame(this.#frame);
  }

  #lay(most: Size): void {
    this.#mostHeight = most.height;
    const wasWhole = this.isWhole;
    const titlePx = Math.round(titleCssPx * this.#ratio);
    const blocks = this.#cells.areas.map(({ kinds }) => kinds.length);
    const layout = layoutMap(blocks, most, titlePx);
    const isSameLayout = sameLayout(layout, this.#layout);
    this.#layout = layout;
    const scale = fitView(layout, most).scale;
    const height = Math.min(most.height, Math.ceil(layout.rows * scale + titlePx * blocks.length));
    this.#size = { width: most.width, height: Math.max(1, height) };
    if (this.#canvas.width !== this.#size.width) this.#canvas.width = this.#size.width;
    if (this.#canvas.height !== this.#size.height) this.#canvas.height = this.#size.height;
    this.#canvas.style.height = `${this.#size.height / this.#ratio}px`;
    if (!isSameLayout) {
      this.#isUnpainted = true;
      this.#flash = null;
    }
    if (!isSameLayout || wasWhole || exactScale(layout, this.#size) > this.#view.scale) this.fit();
    else this.pan(0, 0);
    this.#schedule();
  }

  #see(view: MapView): void {
    this.#view = view;
    // One finger scrolls the page as long as there is nothing to pan.
    const touch = this.isWhole ? "pan-x pan-y" : "none";
    if (this.#canvas.style.touchAction !== touch) this.#canvas.style.touchAction = touch;
    this.#isMoved = true;
    this.#schedule();
  }

  #firstSeen(): number {
    const [, top] = cornerOf(this.#layout, this.#view, { area: 0, block: 0 });
    const row = Math.max(0, Math.ceil(-top / this.#view.scale));
    return Math.min(row * this.#layout.columns, Math.max(0, (this.#layout.areas[0]?.blocks ?? 1) - 1));
  }

  #schedule(): void {
    if (this.#isClosed || this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const context = this.#context;
    if (context === null || this.#look === null) return;
    const startMs = performance.now();
    const isFull = this.#isUnpainted;
    const { theme, emphasis, marks } = this.#look;
    if (isFull) this.#paint(this.#look);
    context.fillStyle = theme.surface;
    context.fillRect(0, 0, this.#size.width, this.#size.height);
    const at: MapStageView = {
      context,
      layout: this.#layout,
      size: this.#size,
      view: this.#view,
      ratio: this.#ratio,
    };
    this.#cellBitmaps.draw(context, this.#layout, this.#size, this.#view);
    if (marks !== null) this.#markBitmaps.draw(context, this.#layout, this.#size, this.#view);
    this.#drawFlash(at, theme);
    drawGaps(at, theme);
    if (marks !== null) drawSigns(at, marks, theme);
    if (emphasis === ".") this.#drawLargest(at, theme);
    if (this.#hovered !== null) this.#outlinePlace(at, this.#hovered, theme);
    drawTitles(at, theme, areaTitles(this.#cells));
    if (this.#cursor !== null) drawCursor(at, this.#cursor, theme);
    if (isFull) noteDraw("heap-map-draw", startMs);
    else if (this.#isMoved) noteDraw("heap-map-pan", startMs);
    this.#isMoved = false;
  }

  #paint({ theme, emphasis, marks }: StageLook): void {
    const pixels = kindPixels(theme.isDark, emphasis, marks !== null);
    this.#cellBitmaps.paintCells(this.#cells, this.#layout, pixels);
    if (marks !== null) {
      const signs = new Uint32Array(256);
      signs[mark.appeared] = pixelOf(rgbOf(theme.appeared));
      signs[mark.went] = pixelOf(rgbOf(theme.went));
      signs[mark.changed] = pixelOf(rgbOf(theme.changed));
      this.#markBitmaps.paintMarks(marks, this.#layout, signs);
    }
    this.#isUnpainted = false;
  }

  #drawFlash(at: MapStageView, theme: MapTheme): void {
    if (this.#flash === null) return;
    const { marks, startMs, stays } = this.#flash;
    if (stays) {
      outlineMarks(at, marks, theme.accent);
      return;
    }
    const left = 1 - (performance.now() - startMs) / flashMs;
    if (left <= 0) {
      this.#flash = null;
      return;
    }
    at.context.globalAlpha = left;
    this.#flashBitmaps.draw(at.context, this.#layout, this.#size, this.#view);
    at.context.globalAlpha = 1;
    this.#schedule();
  }

  #drawLargest(at: MapStageView, theme: MapTheme): void {
    this.#largest ??= largestFreeRun(this.#cells);
    const run = this.#largest;
    if (run === null) return;
    outlineRun(at, run.area, run.block, run.block + run.length, theme.surface, 5);
    outlineRun(at, run.area, run.block, run.block + run.length, theme.ink, 2.5);
  }

  #outlinePlace(at: MapStageView, { area, block }: CellPlace, theme: MapTheme): void {
    const kinds = this.#cells.areas[area]?.kinds;
    if (kinds === undefined || block >= kinds.length) return;
    const { start, length } = runAt(kinds, block);
    outlineRun(at, area, start, start + length, theme.ink, 1.5);
  }
}

function sameLayout(one: MapLayout, other: MapLayout): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
