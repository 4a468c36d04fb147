/** The timers of a board's `machine.Timer`. Their callbacks are soft ones, as on an RP2040: never in an interrupt. */
export interface MachineTimers {
  /** What Python calls as `Timer(id, period=…, mode=…, freq=…, callback=…)`. Each is one of its own, whatever its id. */
  readonly Timer: object;
  /** Runs what is due. For moments when Python sleeps and the event loop does not run. May throw PowerCut. */
  pump(): void;
}

const oneShot = 0;
const periodic = 1;

interface Running {
  readonly object: object;
  readonly callback: (timer: object) => void;
  readonly periodMs: number;
  readonly mode: unknown;
  dueMs: number;
}

/**
 * One powered interpreter's. While Python does not run, its `setTimeout` (host-hooks) wakes them, which is void once the
 * interpreter is. `call` runs a callback from within running Python.
 */
export function createMachineTimers(call: (run: () => void) => void): MachineTimers {
  const running = new Set<Running>();
  let calling = false;

  const awaitTurn = (timer: Running): void => {
    const turn = (): void => {
      try {
        fireIfDue(timer, (run) => run());
      } finally {
        if (running.has(timer)) awaitTurn(timer);
      }
    };
    globalThis.setTimeout(turn, Math.max(1, timer.dueMs - performance.now()));
  };

  const fireIfDue = (timer: Running, enter: (run: () => void) => void): void => {
    const now = performance.now();
    if (calling || !running.has(timer) || now < timer.dueMs) return;
    if (timer.mode === oneShot) running.delete(timer);
    // What fell due while Python did not wait is not made up for.
    while (timer.dueMs <= now) timer.dueMs += timer.periodMs;
    calling = true;
    try {
      // A copy: MicroPython 1.26 forgets an object that it was given twice as soon as one of the two is garbage.
      enter(() => timer.callback({ ...timer.object }));
    } finally {
      calling = false;
    }
  };

  const Timer = (...args: readonly unknown[]): object => {
    let timer: Running | undefined;
    const object = {
      init(...settings: readonly unknown[]): void {
        object.deinit();
        const { period, freq, mode = periodic, callback } = named(settings);
        if (typeof callback !== "function") return;
        const periodMs = Math.max(1, Number(freq === undefined ? period : 1_000 / Number(freq)) || 0);
        const dueMs = performance.now() + periodMs;
        timer = { object, callback: callback as Running["callback"], periodMs, mode, dueMs };
        running.add(timer);
        awaitTurn(timer);
      },
      deinit(): void {
        if (timer !== undefined) running.delete(timer);
      },
    };
    object.init(named(args));
    return object;
  };

  return {
    Timer: Object.assign(Timer, { ONE_SHOT: oneShot, PERIODIC: periodic }),
    pump() {
      for (const timer of running) fireIfDue(timer, call);
    },
  };
}

/** Python's keyword arguments arrive as one object after the others. */
function named(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const last = args.at(-1);
  return typeof last === "object" && last !== null ? (last as Readonly<Record<string, unknown>>) : {};
}
