import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { moveAside } from "../../src/store/database-files.ts";
import { temporaryFolder } from "./temp-folder.ts";

test("a file is moved aside with its log, and never onto another, however soon that follows", () => {
  const file = join(temporaryFolder(), "history.db");
  const atMs = Date.UTC(2026, 10, 22, 17, 0, 0);
  const names = ["first", "second", "third"].map((text) => {
    writeFileSync(file, text);
    writeFileSync(`${file}-wal`, `log of ${text}`);
    const to = moveAside(file, atMs);
    expect([readFileSync(to, "utf8"), readFileSync(`${to}-wal`, "utf8")]).toEqual([text, `log of ${text}`]);
    return to;
  });
  const name = `${file}.damaged-20261122-170000`;
  expect(names).toEqual([name, `${name}-2`, `${name}-3`]);
  expect(existsSync(file)).toBe(false);
});
