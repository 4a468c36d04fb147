import { clearInterval, setInterval } from "node:timers";
import type { FaultPlan } from "./faults.ts";

/** Text that is printed at intervals whatever the board does, as a thread or a driver's log would. */
export interface Flood {
  /** Prints what has become due. Also called by its own timers; a running program has to call it. */
  pump(): void;
  stop(): void;
}

/** Starts the floods of `plan`. What is late is printed once, not made up for. */
export function startFlood(plan: FaultPlan, write: (bytes: Uint8Array) => void): Flood {
  const floods = plan.flatMap((fault) => {
    if (fault.kind !== "flood") return [];
    const bytes = Buffer.from(fault.text);
    let dueMs = performance.now() + fault.everyMs;
    const pump = (): void => {
      const now = performance.now();
      if (now < dueMs) return;
      dueMs = now + fault.everyMs;
      write(bytes);
    };
    return [{ pump, timer: setInterval(pump, fault.everyMs) }];
  });
  return {
    pump() {
      for (const { pump } of floods) pump();
    },
    stop() {
      for (const { timer } of floods) clearInterval(timer);
    },
  };
}
