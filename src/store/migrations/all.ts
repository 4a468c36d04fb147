import { firstHistory } from "./0001-first-history.ts";
import { alertsAndAudit } from "./0002-alerts-and-audit.ts";
import { webhookDeliveries } from "./0003-webhook-deliveries.ts";
import { rollups } from "./0004-rollups.ts";
import { helperFigures } from "./0005-helper-figures.ts";
import type { Migration } from "./migration.ts";

/** In the order they are applied. */
export const migrations: readonly Migration[] = [
  firstHistory,
  alertsAndAudit,
  webhookDeliveries,
  rollups,
  helperFigures,
];
