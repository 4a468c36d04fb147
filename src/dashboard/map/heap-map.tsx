import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { CellPlace, MapCells } from "./map-cells.ts";
import type { MapTheme } from "./map-drawing.ts";
import { followGestures } from "./map-gestures.ts";
import type { AreaMarks } from "./map-marks.ts";
import { MapStage } from "./map-stage.ts";
import type { Emphasis } from "./palette.ts";
import { placeText } from "./place-text.ts";
import { useIsDark, useIsStill } from "./use-media.ts";

/** Cells that changed just now; another object flashes again. */
export interface MapFlash {
  readonly marks: AreaMarks;
}

/**
 * Every block of a heap as a cell. `label` names the picture. `emphasis`: a letter that stands out, `.` with the largest free run.
 * `marks`: changed cells that stay marked, the others are muted. `flash`: those that light up once.
 */
export function HeapMap({
  cells,
  label,
  emphasis = null,
  marks = null,
  flash = null,
}: {
  readonly cells: MapCells;
  readonly label: string;
  readonly emphasis?: Emphasis;
  readonly marks?: AreaMarks | null;
  readonly flash?: MapFlash | null;
}) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<MapStage | null>(null);
  const [hovered, setHovered] = useState<CellPlace | null>(null);
  const [cursor, setCursor] = useState<CellPlace | null>(null);
  const isDark = useIsDark();
  const isStill = useIsStill();
  const helpId = useId();

  useEffect(() => {
    if (place.current === null || canvas.current === null) return;
    const made = new MapStage(canvas.current);
    stage.current = made;
    const stopGestures = followGestures(place.current, canvas.current, made, {
      hovered: setHovered,
      cursorAt: setCursor,
    });
    const stopSizes = followSize(place.current, made);
    return () => {
      stopGestures();
      stopSizes();
      made.close();
      stage.current = null;
    };
  }, []);

  // Before the flash, whose cells are these.
  useEffect(() => stage.current?.show(cells), [cells]);
  useEffect(() => {
    if (place.current !== null)
      stage.current?.dress({ theme: themeOf(place.current, isDark), emphasis, marks });
  }, [isDark, emphasis, marks]);
  useEffect(() => {
    if (flash !== null) stage.current?.flash(flash.marks, isStill);
  }, [flash, isStill]);

  return (
    <div class="heap-map">
      <div
        ref={place}
        class="heap-map-stage"
        role="application"
        aria-roledescription="heap map"
        aria-label={label}
        aria-describedby={helpId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
        tabIndex={0}
      >
        <canvas ref={canvas} />
      </div>
      <div class="heap-map-bar">
        <Readout cells={cells} hovered={hovered} cursor={cursor} />
        <span class="heap-map-zoom">
          <button type="button" aria-label="Zoom out" onClick={() => stage.current?.zoomStep(false)}>
            −
          </button>
          <button type="button" aria-label="Zoom in" onClick={() => stage.current?.zoomStep(true)}>
            +
          </button>
          <button type="button" onClick={() => stage.current?.fit()}>
            Whole map
          </button>
        </span>
      </div>
      <p class="heap-map-help quiet" id={helpId}>
        Click the map or move to it with Tab: arrow keys go from block to block, Shift with arrows or dragging
        moves the view, + − 0 or the wheel zoom.
      </p>
    </div>
  );
}

/** What is under the pointer, else under the cursor. Only the keyboard's moves are said aloud. */
function Readout({
  cells,
  hovered,
  cursor,
}: {
  readonly cells: MapCells;
  readonly hovered: CellPlace | null;
  readonly cursor: CellPlace | null;
}) {
  const shown = hovered ?? cursor;
  const text = useMemo(() => (shown === null ? null : placeText(cells, shown)), [cells, shown]);
  const said = useMemo(() => (cursor === null ? null : placeText(cells, cursor)), [cells, cursor]);
  return (
    <>
      <p class="heap-map-readout" aria-hidden="true">
        {text === null ? (
          <span class="quiet">Point at a block to see what it is.</span>
        ) : (
          <>
            <code>{text.offset}</code> <strong>{text.what}</strong> {text.size}{" "}
            <span class="quiet">
              {text.part} · at <code>{text.address}</code>
            </span>
          </>
        )}
      </p>
      <p class="visually-hidden" aria-live="polite">
        {said?.sentence}
      </p>
    </>
  );
}

/** Tells the stage its room, and how fine the screen is. Returns how to stop. */
function followSize(place: HTMLElement, stage: MapStage): () => void {
  const measure = (): void => {
    const mostHeight = Math.round(Math.min(560, Math.max(240, innerHeight * 0.62)));
    stage.resize(place.clientWidth, mostHeight, devicePixelRatio);
  };
  const observer = new ResizeObserver(measure);
  observer.observe(place);
  addEventListener("resize", measure);
  measure();
  return () => {
    observer.disconnect();
    removeEventListener("resize", measure);
  };
}

function themeOf(place: HTMLElement, isDark: boolean): MapTheme {
  const style = getComputedStyle(place);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    isDark,
    surface: color("--surface"),
    ink: color("--ink"),
    muted: color("--muted"),
    accent: color("--accent"),
    appeared: color("--mark-appeared"),
    went: color("--mark-went"),
    changed: color("--mark-changed"),
  };
}
