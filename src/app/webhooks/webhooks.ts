import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { WebhookHealth } from "../../api/api-deps.ts";
import type { Alert, AlertSeverity } from "../../heap/reading.ts";
import type { Clock } from "../../shared/clock.ts";
import type { HistoryReader, WebhookCursors } from "../../store/store-types.ts";
import type { AlertsConfig } from "../config-schema.ts";
import { shownUrl } from "./shown-url.ts";
import { type WebhookEvent, webhookEvent, webhookTarget } from "./webhook-request.ts";
import { type WebhookLimits, WebhookSender } from "./webhook-sender.ts";

export interface WebhooksOptions {
  readonly webhooks: AlertsConfig["webhooks"];
  readonly store: WebhookCursors & Pick<HistoryReader, "alerts" | "latestCursor">;
  /** A board's name for people. */
  readonly nameOf: (boardId: string) => string;
  /** heapscope's version. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<WebhookLimits>;
  readonly random?: () => number;
}

interface Webhook {
  /** Stands for it in the history. */
  readonly key: string;
  readonly severities: ReadonlySet<AlertSeverity>;
  readonly sender: WebhookSender;
}

const pageSize = 500;

/**
 * Tells the configured webhooks of alerts. The history remembers how far each has been told: what was not delivered
 * when the daemon stopped is sent after it has started. A webhook that is new is told of what comes, not of what was.
 */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #webhooks: readonly Webhook[];

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#webhooks = options.webhooks.map((webhook) => this.#webhook(webhook));
  }

  /** Sends what was left undone. To be called before the first `offer`. */
  start(): void {
    const { store } = this.#options;
    for (const webhook of this.#webhooks) {
      this.#guarded(() => {
        const cursor = store.webhookCursor(webhook.key);
        if (cursor === undefined) store.setWebhookCursor(webhook.key, store.latestCursor());
        else this.#sendAfter(webhook, cursor);
      });
    }
    this.#guarded(() => store.keepWebhookCursors(this.#webhooks.map(({ key }) => key)));
  }

  /** Queues an alert for every webhook that wants it. Never throws and never waits. */
  offer(alert: Alert): void {
    for (const webhook of this.#webhooks) this.#offerTo(webhook, alert);
  }

  health(): readonly WebhookHealth[] {
    return this.#webhooks.map(({ sender }) => sender.health());
  }

  /** Ends attempts that run. Twice does no harm. */
  async stop(): Promise<void> {
    await Promise.all(this.#webhooks.map(({ sender }) => sender.stop()));
  }

  #webhook({ url, secret, severities, timeoutSeconds }: AlertsConfig["webhooks"][number]): Webhook {
    const { clock, log, version, limits, random } = this.#options;
    const key = createHash("sha256").update(url).digest("hex");
    const sender = new WebhookSender({
      target: webhookTarget(url, secret),
      shownUrl: shownUrl(url),
      timeoutMs: timeoutSeconds * 1000,
      version,
      clock,
      log,
      onDone: (event) => this.#done(key, event),
      ...(limits && { limits }),
      ...(random && { random }),
    });
    return { key, severities: new Set(severities), sender };
  }

  #sendAfter(webhook: Webhook, cursor: number): void {
    for (let after = cursor; ; ) {
      const page = this.#options.store.alerts({ after, limit: pageSize });
      for (const alert of page) this.#offerTo(webhook, alert);
      after = page.at(-1)?.id ?? after;
      if (page.length < pageSize) return;
    }
  }

  #offerTo({ severities, sender }: Webhook, alert: Alert): void {
    const { nameOf, version } = this.#options;
    if (severities.has(alert.severity)) sender.offer(webhookEvent(alert, nameOf(alert.boardId), version));
  }

  #done(key: string, { alertId }: WebhookEvent): void {
    // One that waits to be stored has no place in the history yet.
    if (alertId === null || alertId <= 0) return;
    this.#guarded(() => this.#options.store.setWebhookCursor(key, alertId));
  }

  /** A history that fails is told of elsewhere. It costs no more than an alert that is sent twice after a restart. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log.debug({ err: error }, "How far a webhook has been told could not be read or noted.");
    }
  }
}
