import type { Database } from "better-sqlite3";
import type { WebhookCursors } from "./store-types.ts";

/** Prepares the table of how far each webhook has been told. */
export function webhookCursors(db: Database): WebhookCursors {
  const get = db
    .prepare<[string], number>("SELECT delivered_through FROM webhook_deliveries WHERE webhook = ?")
    .pluck();
  const set = db.prepare<[string, number]>(
    "INSERT INTO webhook_deliveries VALUES (?, ?) ON CONFLICT (webhook) DO UPDATE SET delivered_through = excluded.delivered_through",
  );
  const keep = db.prepare<[string]>(
    "DELETE FROM webhook_deliveries WHERE webhook NOT IN (SELECT value FROM json_each(?))",
  );
  return {
    webhookCursor: (webhook) => get.get(webhook),
    setWebhookCursor: (webhook, alertId) => {
      set.run(webhook, alertId);
    },
    keepWebhookCursors: (webhooks) => {
      keep.run(JSON.stringify(webhooks));
    },
  };
}
