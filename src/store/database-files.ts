import { existsSync, renameSync, statSync } from "node:fs";

/** Tells one file from another that bears its name later; null: there is none, or none can be seen. */
export function fileMark(file: string): string | null {
  const found = statOf(file);
  return found && `${found.dev}:${found.ino}`;
}

export function isEmptyFile(file: string): boolean {
  const found = statOf(file);
  return found?.isFile() === true && found.size === 0;
}

/**
 * Moves a database and what belongs to it. Returns its new name, `FILE.damaged-` and the time in UTC; never one that is taken.
 * Throws what Node's renameSync does.
 */
export function moveAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  let to = `${file}.damaged-${stamp}`;
  for (let number = 2; existsSync(to); number++) to = `${file}.damaged-${stamp}-${number}`;
  for (const part of ["", "-wal", "-shm"]) if (existsSync(file + part)) renameSync(file + part, to + part);
  return to;
}

function statOf(file: string) {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
