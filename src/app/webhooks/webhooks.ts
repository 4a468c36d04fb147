import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { LastError, WebhookHealth } from "../../api/api-deps.ts";
import type { Alert, AlertSeverity } from "../../heap/reading.ts";
import type { CancelTimer, Clock } from "../../shared/clock.ts";
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
/** How often a history that could not be read at the start is asked how far each webhook has been told. */
const recallMs = 10_000;

/**
 * Tells the configured webhooks of alerts. The history remembers how far each has been told: what was not delivered
 * when the daemon stopped is sent after it has started. A webhook that is new is told of what comes, not of what was.
 */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #webhooks: readonly Webhook[];
  /** What was offered before the history could say how far each webhook has been told: by event id. */
  #offeredEarly: Set<string> | null = new Set();
  #cancelRecall: CancelTimer = () => {};

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#webhooks = options.webhooks.map((webhook) => this.#webhook(webhook));
  }

  /** Sends what was left undone; later, where the history cannot be read yet. To be called before the first `offer`. */
  start(): void {
    if (this.#guarded(() => this.#recall())) return;
    this.#cancelRecall = this.#options.clock.after(recallMs, () => this.start());
  }

  #recall(): void {
    const { store } = this.#options;
    const undone = this.#webhooks.map((webhook) => {
      const cursor = store.webhookCursor(webhook.key);
      return { webhook, cursor, alerts: cursor === undefined ? [] : this.#alertsAfter(cursor) };
    });
    const newest = store.latestCursor();
    for (const { webhook, cursor } of undone)
      if (cursor === undefined) this.#guarded(() => store.setWebhookCursor(webhook.key, newest));
    this.#guarded(() => store.keepWebhookCursors(this.#webhooks.map(({ key }) => key)));
    const early = this.#offeredEarly ?? new Set();
    this.#offeredEarly = null;
    for (const { webhook, alerts } of undone)
      for (const alert of alerts) if (!early.has(this.#event(alert).eventId)) this.#offerTo(webhook, alert);
  }

  /** Queues an alert for every webhook that wants it. Never throws and never waits. */
  offer(alert: Alert): void {
    this.#offeredEarly?.add(this.#event(alert).eventId);
    for (const webhook of this.#webhooks) this.#offerTo(webhook, alert);
  }

  /** The newest failure of a webhook that does not take alerts now; null where all do. */
  get failure(): LastError | null {
    return this.#webhooks
      .map(({ sender }) => sender.failure)
      .reduce(
        (newest, one) => (newest === null || (one !== null && one.at > newest.at) ? one : newest),
        null,
      );
  }

  health(): readonly WebhookHealth[] {
    return this.#webhooks.map(({ sender }) => sender.health());
  }

  /** Ends attempts that run. Twice does no harm. */
  async stop(): Promise<void> {
    this.#cancelRecall();
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

  #alertsAfter(cursor: number): readonly Alert[] {
    const alerts: Alert[] = [];
    for (let after = cursor; ; ) {
      const page = this.#options.store.alerts({ after, limit: pageSize });
      alerts.push(...page);
      after = page.at(-1)?.id ?? after;
      if (page.length < pageSize) return alerts;
    }
  }

  #offerTo({ severities, sender }: Webhook, alert: Alert): void {
    if (severities.has(alert.severity)) sender.offer(this.#event(alert));
  }

  #event(alert: Alert): WebhookEvent {
    return webhookEvent(alert, this.#options.nameOf(alert.boardId), this.#options.version);
  }

  #done(key: string, { alertId }: WebhookEvent): void {
    // One that waits to be stored has no place in the history yet.
    if (alertId === null || alertId <= 0) return;
    // Until it is known what was left undone, nothing may pass it by.
    if (this.#offeredEarly !== null) return;
    this.#guarded(() => this.#options.store.setWebhookCursor(key, alertId));
  }

  /** False: the history failed, which is told of elsewhere. It costs no more than an alert that is sent twice after a restart. */
  #guarded(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#options.log.debug({ err: error }, "How far a webhook has been told could not be read or noted.");
      return false;
    }
  }
}
