import { join } from "node:path";

/**
 * Python applications for emulated boards: `startEmulatedBoard({ filesDir: appFolder("watchdog") })`. The head of each
 * main.py says which globals tests read.
 */
export type AppName =
  | "asyncio-counter"
  | "blocking-loop"
  | "input-app"
  | "main-counts-boots"
  | "printing-loop"
  | "watchdog";

export function appFolder(name: AppName): string {
  return join(import.meta.dirname, name);
}
