import type { MachineTimers } from "./machine-timers.ts";
import type { MicroPython } from "./micropython.ts";
import { PowerCut } from "./power-cut.ts";
import type { Watchdog } from "./watchdog.ts";

/** What `machine` steers. */
export interface MachineHost {
  readonly uniqueId: Uint8Array;
  readonly watchdog: Pick<Watchdog, "start" | "feed">;
  readonly timers: Pick<MachineTimers, "Timer">;
  /** `machine.reset()` was called. */
  readonly resetAsked: () => void;
  readonly lastCollectionUs: () => number;
}

/** Adds the `machine` module, which this port lacks: what a monitor and a small application use of it. */
export function addMachine(python: MicroPython, host: MachineHost): void {
  const literal = [...host.uniqueId].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  // A Python function, so that it gives true bytes as on a board and not a proxy of a Uint8Array.
  python.runPython(`_unique_id = lambda: b'${literal}'`);
  const uniqueId = python.globals.get("_unique_id");
  python.globals.delete("_unique_id");
  python.registerJsModule("machine", {
    unique_id: uniqueId,
    freq: () => 125_000_000,
    last_collection_us: host.lastCollectionUs,
    Timer: host.timers.Timer,
    reset: () => {
      host.resetAsked();
      throw new PowerCut(); // the call does not return
    },
    WDT: (...args: readonly unknown[]) => {
      host.watchdog.start(watchdogTimeoutMs(args));
      return { feed: () => host.watchdog.feed() };
    },
  });
}

/** Of `WDT(id=0, timeout=5000)`; Python's keyword arguments arrive as one object after the others. */
function watchdogTimeoutMs(args: readonly unknown[]): number {
  const last = args.at(-1);
  const named = typeof last === "object" && last !== null && "timeout" in last ? last.timeout : undefined;
  const timeout = named ?? args[1] ?? 5_000;
  return typeof timeout === "number" && timeout >= 1 ? timeout : 1;
}
