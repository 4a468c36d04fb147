import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes `folder` and what is missing above it. `mode`: of `folder` itself. Throws the system's error. The same as Node's own
 * `recursive`, which never returns where the system answers ENOENT to any new folder, as in /proc.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another program may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
