import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { appFolder } from "../support/apps/app-folder.ts";
import { helperFolder } from "./python.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An asyncio whose run() blocks and which reads streams, as on a board; the port's own does neither. */
export const blockingAsyncio = join(appFolder("asyncio-counter"), "asyncio");

/** A folder of a board's files that lives as long as the tests: the helper, and `main` as main.py. */
export function boardFiles(main: string, asyncio?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-helper-"));
  folders.push(folder);
  cpSync(join(helperFolder, "heapscope.py"), join(folder, "heapscope.py"));
  if (asyncio !== undefined) cpSync(asyncio, join(folder, "asyncio"), { recursive: true });
  writeFileSync(join(folder, "main.py"), main);
  return folder;
}
