import type { Logger } from "pino";
import { type Clock, sleep } from "../shared/clock.ts";
import type { AttachedPort } from "./list-attached.ts";

/** How often the list of ports is looked at, ms. On Linux that is a few reads of /sys. */
const LIST_INTERVAL_MS = 1_000;

/**
 * Calls `onPlugged` for every port that was not there a moment ago, until the returned stop is called. `known`: the
 * ports that were there at the start.
 */
export function watchPorts(
  known: readonly AttachedPort[],
  deps: {
    readonly clock: Clock;
    readonly log: Logger;
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
  { clock, log, list, onPlugged }: Parameters<typeof watchPorts>[1],
  signal: AbortSignal,
): Promise<void> {
  let before = new Set(known.map(identityOf));
  let listFails = false;
  while (!signal.aborted) {
    await sleep(clock, LIST_INTERVAL_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
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
