import { readFileSync } from "node:fs";

/** A small file's text without white space around it, as /sys has them; null where there is none. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch {
    return null;
  }
}
