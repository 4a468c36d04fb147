import type { Logger } from "pino";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { asHeapscopeError } from "../shared/errors.ts";
import type { RetentionPolicy, Store } from "../store/store-types.ts";
import type { Config } from "./config-schema.ts";

/** How often the history is tidied, and how long between two slices of one tidying: readings go before. */
const intervalMs = 600_000;
const pauseMs = 100;
/** A wall clock that went this much further than time did has jumped. */
const jumpMs = 3_600_000;
/** Forward so much of what is kept: a machine that sleeps for a night only seems to jump, and removes little too early. */
const toleratedShare = 1 / 8;
/** So long after a jump nothing is removed: somebody may set the clock right again. */
const distrustMs = 86_400_000;
/** A start so long after the last event may be a wrong clock; the network sets that right within minutes. */
const absenceMs = 7 * 86_400_000;
const distrustAtStartMs = 3_600_000;

const dayMs = 86_400_000;

/** The configuration's `history` as the store takes it. */
export function retentionPolicy({
  eventDays,
  minuteDays,
  hourDays,
  maxMegabytes,
}: Config["history"]): RetentionPolicy {
  return {
    eventsMs: eventDays * dayMs,
    minutesMs: minuteDays * dayMs,
    hoursMs: hourDays * dayMs,
    maxBytes: maxMegabytes === 0 ? Number.POSITIVE_INFINITY : maxMegabytes * 1e6,
  };
}

/**
 * Tidies the history now and then, in slices. A wall clock that jumps would make everything old at once: after a jump
 * nothing is removed for a day, nor in the first hour of a start that comes long after, or before, the last event. To be called
 * before the boards write. Returns the stop.
 */
export function keepHistory(
  store: Pick<Store, "tidy" | "boards">,
  policy: RetentionPolicy,
  clock: Clock,
  log: Logger,
): CancelTimer {
  let lastWallMs = clock.nowMs();
  let lastMs = clock.monotonicMs();
  let trustedFromMs = isPlausible(store, lastWallMs) ? Number.NEGATIVE_INFINITY : lastMs + distrustAtStartMs;
  const forwardMs = Math.max(jumpMs, policy.eventsMs * toleratedShare);
  let removedRows = 0;
  let thinnedMaps = 0;

  function clockJumped(): boolean {
    const wallMs = clock.nowMs() - lastWallMs;
    const trueMs = clock.monotonicMs() - lastMs;
    lastWallMs += wallMs;
    lastMs += trueMs;
    return wallMs - trueMs > forwardMs || trueMs - wallMs > jumpMs;
  }

  function slice(): number {
    if (clockJumped()) {
      trustedFromMs = clock.monotonicMs() + distrustMs;
      log.warn("The system's clock has jumped. Nothing is removed from the history for a day.");
    }
    if (clock.monotonicMs() < trustedFromMs) return intervalMs;
    try {
      const tidied = store.tidy(policy, clock.nowMs());
      removedRows += tidied.removedRows;
      thinnedMaps += tidied.thinnedMaps;
      if (!tidied.done) return pauseMs;
      if (removedRows + thinnedMaps > 0) log.debug({ removedRows, thinnedMaps }, "history tidied");
      removedRows = 0;
      thinnedMaps = 0;
    } catch (error) {
      // Whoever writes next says that the history fails, and goes on about it.
      log.debug({ code: asHeapscopeError(error).code }, "history could not be tidied");
    }
    return intervalMs;
  }

  let cancel = clock.after(pauseMs, function again() {
    cancel = clock.after(slice(), again);
  });
  return () => cancel();
}

/** Whether the wall clock goes well with what was stored last. */
function isPlausible(store: Pick<Store, "boards">, nowMs: number): boolean {
  try {
    const seenMs = store.boards().map(({ lastSeenAt }) => Date.parse(lastSeenAt));
    if (seenMs.length === 0) return true;
    const sinceMs = nowMs - Math.max(...seenMs);
    return sinceMs < absenceMs && sinceMs > -jumpMs;
  } catch {
    // The history cannot be read yet, so nobody knows.
    return false;
  }
}
