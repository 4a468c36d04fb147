import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../src/store/open-store.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { sampleReading } from "./samples.ts";

/** Readings in `oldHistory`. */
export const oldEvents = 2000;

/** The file of a history of the board "old", closed. */
export function oldHistory(folder = temporaryFolder()): string {
  const file = join(folder, "history.db");
  const store = openStore({ file });
  store.append(
    Array.from({ length: oldEvents }, () => ({
      type: "reading" as const,
      data: sampleReading({ boardId: "old" }),
    })),
  );
  store.close();
  return file;
}

/** Overwrites a part of a file with letters; `from` and `to` are shares of its length. */
export function garble(file: string, from: number, to: number): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0x5a, Math.floor(from * bytes.length), Math.floor(to * bytes.length)));
}
