import type { CancelTimer, Clock } from "../shared/clock.ts";

/** A terminal that can be drawn on. */
export interface ScreenOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: "resize" | "drain", listener: () => void): unknown;
  off(event: "resize" | "drain", listener: () => void): unknown;
}

export interface LiveScreen {
  /** Something has changed: it is drawn soon, at most ten times a second. */
  touch(): void;
  /** Draws the last state, and gives the cursor back. Twice does no harm. */
  stop(): void;
}

/** Shortest time between two frames, ms. */
const frameMs = 100;
/** Ages grow by themselves, ms. */
const idleMs = 1000;

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const eraseToEndOfLine = "\u001b[K";
const eraseBelow = "\u001b[J";
const eraseAll = "\u001b[2J\u001b[H";

/** Draws `frame()` in place: over the frame before, in one write, so nothing flickers; anew where the terminal changes its size. */
export function openLiveScreen(
  output: ScreenOutput,
  clock: Clock,
  frame: () => readonly string[],
): LiveScreen {
  let drawnLines = 0;
  let isFull = false;
  let isOver = false;
  let isTouched = false;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let cancel: CancelTimer = () => {};

  const draw = (): void => {
    const lines = frame();
    const up = drawnLines > 0 ? `\u001b[${drawnLines}F` : "";
    const text = lines.map((line) => `${line}${eraseToEndOfLine}\n`).join("");
    isFull = !output.write(`${up}${text}${eraseBelow}`);
    drawnLines = lines.length;
    drawnMs = clock.monotonicMs();
  };
  const schedule = (): void => {
    cancel();
    // A terminal that does not take what it gets, over a slow line, gets whole frames only, and fewer.
    if (isOver || isFull) return;
    const dueMs = drawnMs + (isTouched ? frameMs : idleMs);
    cancel = clock.after(dueMs - clock.monotonicMs(), () => {
      isTouched = false;
      draw();
      schedule();
    });
  };
  const onDrain = (): void => {
    isFull = false;
    schedule();
  };
  const onResize = (): void => {
    // What was drawn may have been wrapped anew: where it is now, nobody knows.
    output.write(eraseAll);
    drawnLines = 0;
    draw();
  };
  output.on("resize", onResize);
  output.on("drain", onDrain);
  output.write(hideCursor);
  draw();
  schedule();

  return {
    touch: () => {
      if (isTouched) return;
      isTouched = true;
      schedule();
    },
    stop: () => {
      if (isOver) return;
      isOver = true;
      cancel();
      output.off("resize", onResize);
      output.off("drain", onDrain);
      draw();
      output.write(showCursor);
    },
  };
}
