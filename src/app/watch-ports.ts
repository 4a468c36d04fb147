import type { Logger } from "pino";
import { type Clock, sleep } from "../shared/clock.ts";

/** How often a change of ports is looked for, ms. A look costs a folder's names and a stat per configured path. */
const LOOK_INTERVAL_MS = 400;
/** After a change the ports are listed so many times: a device file comes a little later than its entry in /sys. */
const LISTS_PER_CHANGE = 10;
/**
 * A new port is told so many times, a look apart: its board may not yet have noticed that it had gone, or may not yet have
 * the right to open it.
 */
const TELLS = 3;
/** Where only a list can tell, it is made at every so many looks. */
const LOOKS_PER_LIST = 3;

export interface WatchPortsDeps<Port> {
  readonly clock: Clock;
  readonly log: Logger;
  /** Changes with the ports; null = only the list can tell. */
  readonly fingerprint: () => string | null;
  readonly list: () => Promise<readonly Port[]>;
  /** What makes a port the same one as a moment ago. */
  readonly keyOf: (port: Port) => string;
  /** Whether a port is told when it is first seen. Others are told at the next look, when the system is done with them. */
  readonly isReadyAtOnce: (port: Port) => boolean;
  /** Called again for the same port at the next looks. False: that does not count. */
  readonly onPlugged: (port: Port) => boolean;
}

/**
 * Calls `onPlugged` for every port that was not there a moment ago, three times, until the returned stop is called.
 * `known`: the ports that were there at the start.
 */
export function watchPorts<Port>(known: readonly Port[], deps: WatchPortsDeps<Port>): () => Promise<void> {
  const stopping = new AbortController();
  const running = watch(known, deps, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function watch<Port>(
  known: readonly Port[],
  deps: WatchPortsDeps<Port>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, fingerprint, list } = deps;
  const news = new PortNews(known, deps);
  let listFails = false;
  let seen = fingerprint();
  let listsLeft = 0;
  for (let look = 1; !signal.aborted; look++) {
    await sleep(clock, LOOK_INTERVAL_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      const print = fingerprint();
      if (print !== seen) listsLeft = LISTS_PER_CHANGE;
      else if (print === null && look % LOOKS_PER_LIST === 0) listsLeft = Math.max(listsLeft, 1);
      seen = print;
      if (listsLeft === 0 && !news.isPending) continue;
      listsLeft = Math.max(0, listsLeft - 1);
      news.look(await list());
      listFails = false;
    } catch (error) {
      if (!listFails)
        log.warn({ error: String(error) }, "The list of serial ports cannot be read; retrying.");
      listFails = true;
    }
  }
}

/** Which of the ports of a look are new. */
class PortNews<Port> {
  readonly #deps: WatchPortsDeps<Port>;
  /** How often each port of the last look is still to be told. */
  #tellsLeft: ReadonlyMap<string, number>;

  constructor(known: readonly Port[], deps: WatchPortsDeps<Port>) {
    this.#deps = deps;
    this.#tellsLeft = new Map(known.map((port) => [deps.keyOf(port), 0]));
  }

  /** Some port is still to be told. */
  get isPending(): boolean {
    return [...this.#tellsLeft.values()].some((left) => left > 0);
  }

  look(ports: readonly Port[]): void {
    const { keyOf, isReadyAtOnce, onPlugged } = this.#deps;
    const tellsLeft = new Map<string, number>();
    for (const port of ports) {
      const key = keyOf(port);
      const before = this.#tellsLeft.get(key);
      const left = before ?? TELLS;
      const isReady = before !== undefined || isReadyAtOnce(port);
      const counts = left > 0 && isReady && onPlugged(port);
      tellsLeft.set(key, counts ? left - 1 : left);
    }
    this.#tellsLeft = tellsLeft;
  }
}
