import type { Logger } from "pino";
import { type Clock, sleep } from "../shared/clock.ts";
import type { AttachedPort } from "./list-attached.ts";

/** How often a change of ports is looked for, ms. */
const LOOK_INTERVAL_MS = 1_000;
/** After a change the ports are listed so many times: a device file comes a little later than its entry in /sys. */
const LISTS_PER_CHANGE = 5;

/**
 * Calls `onPlugged` for every port that was not there a moment ago, until the returned stop is called. `known`: the
 * ports that were there at the start.
 */
export function watchPorts(
  known: readonly AttachedPort[],
  deps: {
    readonly clock: Clock;
    readonly log: Logger;
    /** Changes with the ports; null = only the list can tell. */
    readonly fingerprint: () => string | null;
    readonly list: () => Promise<readonly AttachedPort[]>;
    readonly onPlugged: (port: AttachedPort) => void;
  },
): () => Promise<void> {
  const stopping = new AbortController();
  const running = watch(known, deps, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function watch(
  known: readonly AttachedPort[],
  { clock, log, fingerprint, list, onPlugged }: Parameters<typeof watchPorts>[1],
  signal: AbortSignal,
): Promise<void> {
  let before = new Set(known.map(identityOf));
  let listFails = false;
  let seen = fingerprint();
  let listsLeft = 0;
  while (!signal.aborted) {
    await sleep(clock, LOOK_INTERVAL_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      const print = fingerprint();
      if (print === null || print !== seen) listsLeft = LISTS_PER_CHANGE;
      seen = print;
      if (listsLeft === 0) continue;
      listsLeft--;
      const now = await list();
      for (const port of now) if (!before.has(identityOf(port))) onPlugged(port);
      before = new Set(now.map(identityOf));
      listFails = false;
    } catch (error) {
      if (!listFails)
        log.warn({ error: String(error) }, "The list of serial ports cannot be read; retrying.");
      listFails = true;
    }
  }
}

/** A path that now belongs to another device counts as plugged in. */
function identityOf({ path, vendorId, productId, serialNumber }: AttachedPort): string {
  return [path, vendorId, productId, serialNumber].join(" ");
}
