import { setTimeout as hostSetTimeout } from "node:timers";

/**
 * The interpreter's JavaScript side reaches for globals. These stand between, once per process, and serve
 * whichever interpreter is powered at the time.
 *
 * - `Date.now`: MicroPython's clock, asked in a tight loop by `time.sleep`. The only moment at which a sleeping
 *   program can be interrupted, or the processor spared.
 * - `setTimeout`: wakes asyncio. Callbacks of an interpreter that is gone must not run.
 * - `WebAssembly.Memory.prototype.grow`: refused once the heap is sealed (fixed-heap.ts).
 * - `console.error`: Emscripten reports each refusal there; exactly those lines are left out.
 * - `FinalizationRegistry`: the loader frees Python objects by number when JavaScript drops their proxies. A late
 *   call for a dead interpreter would free a stranger in the new one.
 */
export interface PoweredInterpreter {
  /** The clock was asked. Milliseconds to add to the answer. */
  clockAsked(): number;
  /** Runs a callback that may run Python. */
  callback(run: () => void): void;
}

let powered: PoweredInterpreter | undefined;
let growthRefused = false;
let installed = false;
const timers = new Map<number, NodeJS.Timeout>();
let lastTimerId = 0;

/** Makes `interpreter` (or none) the one that is served. Timers and finalizers of the one before are void. */
export function power(interpreter: PoweredInterpreter | undefined): void {
  install();
  powered = interpreter;
  growthRefused = false;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
}

/** From now on WebAssembly memory cannot grow, until power() is called again. */
export function refuseGrowth(): void {
  growthRefused = true;
}

/** The part of the global Node's types leave to the DOM library. */
interface WithWebAssembly {
  readonly WebAssembly: { readonly Memory: { readonly prototype: { grow(pages: number): number } } };
}

function install(): void {
  if (installed) return;
  installed = true;

  const realNow = Date.now;
  Date.now = () => {
    const leapMs = powered?.clockAsked() ?? 0;
    return realNow() + leapMs;
  };

  // A number for a handle: Node's Timeout object would cost the Python heap a proxy per call.
  const setTimeoutForPython = (run: () => void, delayMs?: number): number => {
    const owner = powered;
    const id = ++lastTimerId;
    const fire = (): void => {
      timers.delete(id);
      if (owner !== undefined && owner === powered) owner.callback(run);
    };
    timers.set(id, hostSetTimeout(fire, delayMs));
    return id;
  };
  const clearTimeoutForPython = (id: number): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  Object.assign(globalThis, { setTimeout: setTimeoutForPython });
  const realClear = clearTimeout;
  Object.assign(globalThis, {
    clearTimeout: (handle: NodeJS.Timeout | number | undefined) =>
      typeof handle === "number" ? clearTimeoutForPython(handle) : realClear(handle),
  });

  const memory = (globalThis as unknown as WithWebAssembly).WebAssembly.Memory.prototype;
  const realGrow = memory.grow;
  memory.grow = function grow(pages: number): number {
    if (growthRefused) throw new RangeError("the emulated board's memory is fixed");
    return realGrow.call(this, pages);
  };

  const output = globalThis.console; // Emscripten binds its functions when it is loaded
  const realError = output.error;
  output.error = (...parts: unknown[]) => {
    const refusal =
      /^(Failed to grow the heap from|growMemory: Attempted to grow heap|Cannot enlarge memory)/;
    if (growthRefused && refusal.test(String(parts[0]))) return;
    realError(...parts);
  };

  const RealRegistry = FinalizationRegistry;
  class RegistryOfPowered<Held> extends RealRegistry<Held> {
    constructor(finalize: (held: Held) => void) {
      const owner = powered;
      super((held) => {
        if (owner !== undefined && owner === powered) owner.callback(() => finalize(held));
      });
    }
  }
  Object.assign(globalThis, { FinalizationRegistry: RegistryOfPowered });
}
