import type { CellPlace } from "./map-cells.ts";
import type { MapStage } from "./map-stage.ts";

/** Whom gestures tell: the block under the pointer, or under the keyboard's cursor. Null: none. */
export interface GestureListener {
  hovered(place: CellPlace | null): void;
  cursorAt(place: CellPlace | null): void;
}

/** A pointer that moved less than this was a click, CSS pixels. */
const clickPx = 4;
/** How far one turn of the wheel zooms: e-folds per pixel of `deltaY`. */
const wheelZoom = 0.0022;
const linePx = 16;

/**
 * Mouse, touch, wheel and keys on a map. `place`: what has the focus and takes keys; `canvas`: what is pointed at. Returns how to
 * stop.
 *
 * The wheel scrolls the page as everywhere unless the map has the focus or Ctrl is held, which is also what a pinch on a touchpad
 * looks like: a map of a whole screen would be a trap otherwise.
 */
export function followGestures(
  place: HTMLElement,
  canvas: HTMLElement,
  stage: MapStage,
  listener: GestureListener,
): () => void {
  const pointers = new Map<number, { readonly x: number; readonly y: number }>();
  let moved = 0;
  const pointOf = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hover = (at: CellPlace | null): void => {
    stage.hover(at);
    listener.hovered(at);
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, pointOf(event));
    canvas.setPointerCapture(event.pointerId);
    moved = 0;
  };
  const onMove = (event: PointerEvent): void => {
    const point = pointOf(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      hover(stage.placeAt(point.x, point.y));
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, point);
    moved += Math.hypot(point.x - before.x, point.y - before.y);
    if (other !== undefined) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(point.x - other.x, point.y - other.y);
      if (was > 0 && is > 0) stage.zoom(is / was, { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    } else if (moved >= clickPx) {
      stage.pan(before.x - point.x, before.y - point.y);
    }
  };
  const onUp = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && moved < clickPx && pointers.size === 0) {
      const point = pointOf(event);
      const at = stage.placeAt(point.x, point.y);
      stage.setCursor(at);
      listener.cursorAt(at);
      if (event.pointerType === "touch") hover(null);
    }
  };
  const onLeave = (): void => hover(null);
  const onWheel = (event: WheelEvent): void => {
    const isWanted = event.ctrlKey || event.metaKey || place.contains(document.activeElement);
    if (!isWanted || event.deltaY === 0) return;
    // At either end the page scrolls on.
    if (event.deltaY > 0 && stage.isWhole && !event.ctrlKey) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePx : 1);
    stage.zoom(Math.exp(-pixels * wheelZoom * (event.ctrlKey ? 4 : 1)), pointOf(event));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!actOnKey(event, stage, listener)) return;
    event.preventDefault();
  };

  const stop = new AbortController();
  const { signal } = stop;
  canvas.addEventListener("pointerdown", onDown, { signal });
  canvas.addEventListener("pointermove", onMove, { signal });
  canvas.addEventListener("pointerup", onUp, { signal });
  canvas.addEventListener("pointercancel", onUp, { signal });
  canvas.addEventListener("pointerleave", onLeave, { signal });
  canvas.addEventListener("wheel", onWheel, { passive: false, signal });
  place.addEventListener("keydown", onKey, { signal });
  return () => stop.abort();
}

/** False where the key is not the map's. */
function actOnKey(event: KeyboardEvent, stage: MapStage, listener: GestureListener): boolean {
  const move = (columns: number, rows: number): void => {
    if (event.shiftKey) stage.panShare(Math.sign(columns) / 4, Math.sign(rows) / 4);
    else listener.cursorAt(stage.moveCursor(columns, rows));
  };
  const page = 16;
  switch (event.key) {
    case "ArrowLeft":
      move(-1, 0);
      return true;
    case "ArrowRight":
      move(1, 0);
      return true;
    case "ArrowUp":
      move(0, -1);
      return true;
    case "ArrowDown":
      move(0, 1);
      return true;
    case "PageUp":
      listener.cursorAt(stage.moveCursor(0, -page));
      return true;
    case "PageDown":
      listener.cursorAt(stage.moveCursor(0, page));
      return true;
    case "Home":
      stage.setCursor({ area: 0, block: 0 });
      listener.cursorAt(stage.cursor);
      return true;
    case "End":
      listener.cursorAt(stage.moveCursor(0, 2 ** 30));
      return true;
    case "+":
    case "=":
      stage.zoomStep(true);
      return true;
    case "-":
      stage.zoomStep(false);
      return true;
    case "0":
      stage.fit();
      return true;
    case "Escape":
      if (stage.cursor === null) return false;
      stage.setCursor(null);
      listener.cursorAt(null);
      return true;
    default:
      return false;
  }
}
