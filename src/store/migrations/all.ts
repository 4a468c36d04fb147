import { firstHistory } from "./0001-first-history.ts";
import type { Migration } from "./migration.ts";

/** In the order they are applied. */
export const migrations: readonly Migration[] = [firstHistory];
