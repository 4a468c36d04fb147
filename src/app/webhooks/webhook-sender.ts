import type { Logger } from "pino";
import type { LastError, WebhookHealth } from "../../api/api-deps.ts";
import { Backoff } from "../../shared/backoff.ts";
import { type Clock, sleep } from "../../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../../shared/errors.ts";
import { failureReason, outcomeOf, type WebhookOutcome } from "./webhook-outcome.ts";
import { type WebhookEvent, type WebhookTarget, webhookHeaders } from "./webhook-request.ts";

export interface WebhookLimits {
  /** Alerts that wait; where there is one more, the oldest is dropped. */
  readonly queued: number;
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** Attempts per alert, and for how long, whichever ends first. */
  readonly attempts: number;
  readonly patienceMs: number;
}

export const webhookLimits: WebhookLimits = {
  queued: 1000,
  firstRetryMs: 1000,
  lastRetryMs: 30 * 60_000,
  attempts: 60,
  patienceMs: 24 * 3600_000,
};

export interface WebhookSenderOptions {
  readonly target: WebhookTarget;
  /** Its address for logs and people. */
  readonly shownUrl: string;
  readonly timeoutMs: number;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each alert that is delivered or given up: it need not be sent again after a restart. */
  readonly onDone: (event: WebhookEvent) => void;
  readonly limits?: Partial<WebhookLimits>;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

interface Queued {
  readonly event: WebhookEvent;
  /** Monotonic ms. */
  readonly sinceMs: number;
}

/**
 * Sends alerts to one webhook, one at a time, in order; tries again with growing pauses what may go better later. It
 * keeps nobody waiting: `offer` only queues.
 */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #limits: WebhookLimits;
  readonly #stopping = new AbortController();
  readonly #queue: Queued[] = [];
  #current: Queued | null = null;
  #running: Promise<void> = Promise.resolve();
  #delivered = 0;
  #failed = 0;
  #deadLetters = 0;
  #dropped = 0;
  #lastError: LastError | null = null;
  /** The last attempt failed, and the log says so. */
  #isFailing = false;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    this.#limits = { ...webhookLimits, ...options.limits };
  }

  offer(event: WebhookEvent): void {
    if (this.#stopping.signal.aborted) return;
    this.#queue.push({ event, sinceMs: this.#options.clock.monotonicMs() });
    if (this.#queue.length > this.#limits.queued) {
      this.#queue.shift();
      this.#dropped++;
    }
    if (this.#current === null) this.#running = this.#run();
  }

  health(): WebhookHealth {
    return {
      url: this.#options.shownUrl,
      queued: this.#queue.length + (this.#current === null ? 0 : 1),
      delivered: this.#delivered,
      failed: this.#failed,
      deadLetters: this.#deadLetters,
      dropped: this.#dropped,
      lastError: this.#lastError,
    };
  }

  /** Why the last attempt failed; null where it did not. */
  get failure(): LastError | null {
    return this.#isFailing ? this.#lastError : null;
  }

  /** Ends the attempt that runs; what was not delivered stays undone. Twice does no harm. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#current = next;
      const isDone = await this.#deliver(next);
      if (!isDone) return;
      this.#options.onDone(next.event);
      this.#current = null;
    }
  }

  /** True: it was delivered, or given up. False: heapscope stops. */
  async #deliver({ event, sinceMs }: Queued): Promise<boolean> {
    const { clock, random = Math.random } = this.#options;
    const { firstRetryMs, lastRetryMs, attempts, patienceMs } = this.#limits;
    const backoff = new Backoff(firstRetryMs, lastRetryMs);
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(event);
      if (this.#stopping.signal.aborted && outcome.kind !== "delivered") return false;
      if (outcome.kind === "delivered") {
        this.#succeeded();
        return true;
      }
      this.#failed++;
      // Not all webhooks that fail together come back at the same moment.
      const waitMs =
        outcome.kind === "retry" ? Math.max(backoff.next() * (0.5 + random()), outcome.afterMs) : 0;
      const isLate = clock.monotonicMs() + waitMs - sinceMs > patienceMs;
      if (outcome.kind === "refused" || attempt >= attempts || isLate) {
        this.#deadLetters++;
        this.#failedWith("webhook-gave-up", outcome.reason);
        return true;
      }
      this.#failedWith("webhook-failed", outcome.reason);
      await sleep(clock, waitMs, this.#stopping.signal).catch(() => {});
      if (this.#stopping.signal.aborted) return false;
    }
  }

  async #attempt(event: WebhookEvent): Promise<WebhookOutcome> {
    const { target, timeoutMs, version, clock } = this.#options;
    const ending = new AbortController();
    const end = (): void => ending.abort();
    const cancelTimeout = clock.after(timeoutMs, end);
    this.#stopping.signal.addEventListener("abort", end, { once: true });
    try {
      const response = await fetch(target.url, {
        method: "POST",
        headers: webhookHeaders(target, event, clock.nowMs(), version),
        body: event.body,
        redirect: "manual",
        signal: ending.signal,
      });
      // Only the status matters; a body may never end.
      await response.body?.cancel();
      return outcomeOf(response.status, response.headers.get("retry-after"), clock.nowMs());
    } catch (error) {
      const isTimeout = ending.signal.aborted;
      const reason = isTimeout ? `no answer came within ${timeoutMs / 1000} s` : failureReason(error);
      return { kind: "retry", reason, afterMs: 0 };
    } finally {
      cancelTimeout();
      this.#stopping.signal.removeEventListener("abort", end);
    }
  }

  #succeeded(): void {
    this.#delivered++;
    if (!this.#isFailing) return;
    this.#isFailing = false;
    const { log, shownUrl } = this.#options;
    log.info({ webhook: shownUrl }, `The webhook ${shownUrl} takes alerts again.`);
  }

  /** One line per spell of failures: health counts the rest. */
  #failedWith(code: "webhook-failed" | "webhook-gave-up", reason: string): void {
    const { clock, log, shownUrl } = this.#options;
    const error: HeapscopeError = heapscopeError(code, { webhook: shownUrl, reason });
    this.#lastError = { at: new Date(clock.nowMs()).toISOString(), code, message: error.message };
    const level = this.#isFailing ? "debug" : "warn";
    this.#isFailing = true;
    log[level]({ webhook: shownUrl, code }, error.message);
  }
}
