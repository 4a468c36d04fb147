import type { Migration } from "./migration.ts";

/** How far each webhook has been told, so that a restart loses no alert and repeats as few as it can. */
export const webhookDeliveries: Migration = {
  version: 3,
  name: "webhook deliveries",
  sql: `
CREATE TABLE webhook_deliveries (
  webhook TEXT PRIMARY KEY,            -- a digest of its address, which may hold a password
  delivered_through INTEGER NOT NULL   -- id of the newest alert that was delivered or given up
) STRICT, WITHOUT ROWID;
`,
};
