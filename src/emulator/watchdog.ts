import { setTimeout as hostSetTimeout } from "node:timers";

/** A board's watchdog timer. Once started it cannot be stopped by the program, as on a board; only power-off does. */
export interface Watchdog {
  /** Starts it, or changes its time. */
  start(timeoutMs: number): void;
  feed(): void;
  /** Lets it expire when it is due. Also called by its own timer; a running program has to call it. */
  pump(): void;
  powerOff(): void;
}

/** Calls `expired` once when the time is over without a feed(). What `expired` throws comes out of pump(). */
export function createWatchdog(expired: () => void): Watchdog {
  let timeoutMs: number | null = null;
  let dueMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const powerOff = (): void => {
    clearTimeout(timer);
    timeoutMs = null;
  };
  const pump = (): void => {
    if (timeoutMs === null || performance.now() < dueMs) return;
    powerOff();
    expired();
  };
  /** Feeding moves `dueMs` alone: a timer per feed would be dear in a fast loop. */
  const arm = (): void => {
    clearTimeout(timer);
    timer = hostSetTimeout(
      () => {
        pump();
        if (timeoutMs !== null) arm();
      },
      Math.max(1, dueMs - performance.now()),
    );
  };

  return {
    start(ms) {
      timeoutMs = ms;
      dueMs = performance.now() + ms;
      arm();
    },
    feed() {
      if (timeoutMs !== null) dueMs = performance.now() + timeoutMs;
    },
    pump,
    powerOff,
  };
}
