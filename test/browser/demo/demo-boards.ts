import { alertRules } from "../../../src/app/alert-rules.ts";
import type { AlertsConfig } from "../../../src/app/config-schema.ts";
import { openStore } from "../../../src/store/open-store.ts";
import type { AppName } from "./simulated-apps.ts";
import { storeDay } from "./simulated-day.ts";

export type DemoName = AppName;

/** In no order of trouble. */
export const demoBoards: readonly { readonly name: DemoName; readonly boardId: string }[] = [
  { name: "healthy", boardId: "6865616c74687931" },
  { name: "leaking", boardId: "6c65616b696e6731" },
  { name: "fragmenting", boardId: "667261676d656e74" },
];

export function idOf(name: DemoName): string {
  return demoBoards.find((board) => board.name === name)?.boardId ?? "";
}

/** Beside the default ones: the relay of `fragmenting` needs 4 KiB at a time. */
export const demoRules: AlertsConfig["rules"] = [
  {
    name: "no-large-block",
    when: "largestFreeBytes < 4 KiB after collection for 2 readings",
    severity: "critical",
    boards: ["fragmenting"],
  },
];

/** Writes a day of all three into a new history, which ends at `endMs`. Two seconds or three. */
export function writeDay(file: string, endMs: number): void {
  const store = openStore({ file });
  try {
    const rules = alertRules({ defaults: true, rules: [...demoRules], webhooks: [] });
    for (const { name, boardId } of demoBoards) {
      storeDay(store, { app: name, boardId, name, endMs, rules });
    }
  } finally {
    store.close();
  }
}
