import rateLimit, { type FastifyRateLimitStore } from "@fastify/rate-limit";
import type { FastifyRequest } from "fastify";
import type { Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import type { RouteScope } from "./access.ts";
import type { App } from "./app-type.ts";

/** How much one address (of IPv6: one /64) may ask in a minute. */
export interface RateLimits {
  /** A dashboard of 64 boards and a scraper stay far below it; it stops what runs wild. */
  readonly reads: number;
  /** A board itself takes one at a time. */
  readonly controls: number;
  /** Answered with 401; who has a valid token never meets it. */
  readonly failedTokens: number;
}

export const rateLimits: RateLimits = { reads: 12_000, controls: 600, failedTokens: 30 };

const WINDOW_MS = 60_000;
/** Addresses that are remembered per limit; the one that has been silent longest is forgotten first. */
const ADDRESS_LIMIT = 5_000;

/** Counts a request; throws rate-limited, having set Retry-After, where it is one too many. */
type Count = (request: FastifyRequest, retryAfter: (seconds: number) => void) => Promise<void>;

export interface RateGate {
  readonly countRequest: (scope: RouteScope) => Count;
  readonly countFailedToken: Count;
}

export interface RateGateOptions {
  readonly limits: RateLimits;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Called once a window, address and limit (requests a minute). */
  readonly onLimited: (address: string, limit: number) => void;
}

/** Registers the counters on `app`. They run where they are called, not in a hook of their own. */
export async function openRateGate(
  app: App,
  { limits, clock, onLimited }: RateGateOptions,
): Promise<RateGate> {
  await app.register(rateLimit, { global: false, store: windowStore(clock, onLimited) });

  const counter = (what: string, limit: number): Count => {
    const check = app.createRateLimit({ max: limit, timeWindow: WINDOW_MS });
    return async (request, retryAfter) => {
      const result = await check(request);
      if (result.isAllowed || !result.isExceeded) return;
      const retrySeconds = Math.max(1, result.ttlInSeconds);
      retryAfter(retrySeconds);
      throw heapscopeError("rate-limited", { limit, what, retrySeconds });
    };
  };
  const reads = counter("requests", limits.reads);
  const controls = counter("requests that act", limits.controls);
  return {
    countRequest: (scope) => (scope === "control" ? controls : reads),
    countFailedToken: counter("wrong tokens", limits.failedTokens),
  };
}

interface Window {
  readonly startMs: number;
  count: number;
}

/** A store for the plugin that runs on `clock`; its own runs on the wall clock, which jumps. */
function windowStore(clock: RateGateOptions["clock"], onLimited: RateGateOptions["onLimited"]) {
  return class WindowStore implements FastifyRateLimitStore {
    readonly #windows = new Map<string, Window>();

    incr(
      key: string,
      done: (error: Error | null, result?: { current: number; ttl: number }) => void,
      windowMs: number,
      limit: number,
    ): void {
      const nowMs = clock.monotonicMs();
      const known = this.#windows.get(key);
      const isOpen = known !== undefined && nowMs < known.startMs + windowMs;
      const window: Window = isOpen ? known : { startMs: nowMs, count: 0 };
      window.count++;
      this.#remember(key, window);
      if (window.count === limit + 1) onLimited(key, limit);
      done(null, { current: window.count, ttl: window.startMs + windowMs - nowMs });
    }

    /** The plugin makes one for each limit. */
    child(): FastifyRateLimitStore {
      return new WindowStore();
    }

    /** A Map keeps the order of insertion, so the first is the one that has been silent longest. */
    #remember(key: string, window: Window): void {
      this.#windows.delete(key);
      this.#windows.set(key, window);
      if (this.#windows.size <= ADDRESS_LIMIT) return;
      const [oldest] = this.#windows.keys();
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
  };
}
