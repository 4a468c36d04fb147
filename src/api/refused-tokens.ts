import type { FastifyBaseLogger } from "fastify";
import type { Clock } from "../shared/clock.ts";

const quietMs = 60_000;
/** Addresses that are remembered; the one that was told of longest ago is forgotten first. */
const addressLimit = 1_000;

/** Tells the log of tokens that are refused: once per address and minute, and never the token. */
export function refusedTokens(
  log: FastifyBaseLogger,
  clock: Pick<Clock, "monotonicMs">,
): (address: string, code: string) => void {
  const toldMs = new Map<string, number>();
  return (address, code) => {
    const nowMs = clock.monotonicMs();
    const lastMs = toldMs.get(address);
    if (lastMs !== undefined && nowMs < lastMs + quietMs) return;
    toldMs.delete(address);
    toldMs.set(address, nowMs);
    const [oldest] = toldMs.keys();
    if (toldMs.size > addressLimit && oldest !== undefined) toldMs.delete(oldest);
    log.warn(
      { address, code },
      "A token was refused. More from this address within a minute are not logged.",
    );
  };
}
