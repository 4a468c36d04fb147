import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createToken, revokeToken } from "../../src/app/token-file.ts";
import { TokenWatch } from "../../src/app/token-watch.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { ManualClock } from "../support/manual-clock.ts";

const createdAt = "2026-11-22T17:00:00.000Z";

function watched() {
  const file = join(temporaryFolder(), "tokens.json");
  const clock = new ManualClock();
  const logged: { level: number; msg: string }[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const watch = new TokenWatch(file, clock, log);
  const create = (name: string, expiresAt: string | null = null) =>
    createToken(file, { name, scope: "read", createdAt, expiresAt });
  const names = () => watch.tokens().map(({ name }) => name);
  return { file, clock, watch, create, names, logged };
}

test("a change of the file is seen within a second, and not looked for more often", async () => {
  const { file, clock, create, names } = watched();
  expect(names()).toEqual([]);
  create("phone");
  await clock.advance(999);
  expect(names()).toEqual([]);
  await clock.advance(1);
  expect(names()).toEqual(["phone"]);
  create("tablet");
  await clock.advance(1_000);
  expect(names()).toEqual(["phone", "tablet"]);
  revokeToken(file, "phone");
  await clock.advance(1_000);
  expect(names()).toEqual(["tablet"]);
  rmSync(file);
  await clock.advance(1_000);
  expect(names()).toEqual([]);
});

test("a broken file leaves the last good one in force, says so once, and is forgotten when mended", async () => {
  const { file, clock, watch, create, names, logged } = watched();
  create("phone");
  expect(names()).toEqual(["phone"]);
  writeFileSync(file, "{");
  for (let second = 0; second < 3; second++) {
    await clock.advance(1_000);
    expect(names()).toEqual(["phone"]);
  }
  expect(watch.lastError).toMatchObject({ code: "token-file-unusable", at: "2026-11-22T17:00:01.000Z" });
  expect(logged).toHaveLength(1);
  expect(logged[0]?.msg).toContain("it is not JSON");
  expect(logged[0]?.msg).toContain("The tokens known before stay in force.");
  rmSync(file);
  create("tablet");
  await clock.advance(1_000);
  expect([names(), watch.lastError]).toEqual([["tablet"], null]);
});

test("expired tokens do not count as valid", async () => {
  const { clock, watch, create } = watched();
  create("short", "2026-11-22T17:00:10.000Z");
  create("long");
  expect(watch.validCount).toBe(2);
  await clock.advance(10_000);
  expect(watch.validCount).toBe(1);
});
