import { join } from "node:path";

/**
 * Python applications for emulated boards: `startEmulatedBoard({ filesDir: appFolder("watchdog") })`. The head of each
 * main.py says which globals tests read.
 */
export type AppName =
  | "aiorepl-app"
  | "asyncio-counter"
  | "blocking-loop"
  | "helper-app"
  | "input-app"
  | "main-counts-boots"
  | "nearly-full"
  | "printing-loop"
  | "ps1"
  | "reboot-loop"
  | "timer-printer"
  | "watchdog";

export function appFolder(name: AppName): string {
  return join(import.meta.dirname, name);
}
