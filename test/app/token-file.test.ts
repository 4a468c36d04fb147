import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { findToken } from "../../src/api/access.ts";
import { createToken, readTokenFile, revokeToken, type TokenWish } from "../../src/app/token-file.ts";
import { temporaryFolder } from "../store/temp-folder.ts";

const wish: TokenWish = {
  name: "phone",
  scope: "control",
  createdAt: "2026-11-22T17:00:00.000Z",
  expiresAt: null,
};

const namesIn = (file: string) => readTokenFile(file).tokens.map(({ name }) => name);

test("a token is known by its hash, which is all that the file holds", () => {
  const file = join(temporaryFolder(), "new", "tokens.json");
  const control = createToken(file, wish);
  const read = createToken(file, {
    ...wish,
    name: "grafana",
    scope: "read",
    expiresAt: "2027-01-01T00:00:00.000Z",
  });
  const { tokens, concern } = readTokenFile(file);
  expect(concern).toBeNull();
  expect(findToken(tokens, control)).toMatchObject({
    name: "phone",
    scopes: ["read", "control"],
    expiresAt: null,
  });
  expect(findToken(tokens, read)).toMatchObject({ scopes: ["read"], expiresAt: "2027-01-01T00:00:00.000Z" });
  const text = readFileSync(file, "utf8");
  for (const token of [control, read]) expect(text).not.toContain(token.slice(3));
  expect(JSON.parse(text)).toMatchObject({ version: 1, tokens: [{ name: "phone" }, { name: "grafana" }] });
});

test("the file is for its user alone, whatever the umask, and nothing else stays in its folder", () => {
  const folder = temporaryFolder();
  const file = join(folder, "tokens.json");
  const before = process.umask(0);
  try {
    createToken(file, wish);
  } finally {
    process.umask(before);
  }
  chmodSync(file, 0o644);
  expect(readTokenFile(file).concern).toContain("other users can read it");
  revokeToken(file, "phone");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["tokens.json", "tokens.json-lock"]);
});

test("it is replaced as a whole: who has it open reads the old one to its end", () => {
  const file = join(temporaryFolder(), "tokens.json");
  createToken(file, wish);
  const { ino } = statSync(file);
  createToken(file, { ...wish, name: "second" });
  expect(statSync(file).ino).not.toBe(ino);
});

test("no file holds no tokens, and an empty list is one", () => {
  const file = join(temporaryFolder(), "tokens.json");
  expect(readTokenFile(file)).toEqual({ tokens: [], concern: null });
  createToken(file, wish);
  revokeToken(file, "phone");
  expect(readTokenFile(file)).toEqual({ tokens: [], concern: null });
});

test("a name is taken once, and only what is there is revoked", () => {
  const file = join(temporaryFolder(), "tokens.json");
  createToken(file, wish);
  expect(() => createToken(file, wish)).toThrow(/There is a token "phone" .* already/);
  expect(() => revokeToken(file, "tablet")).toThrow(/There is no token "tablet"/);
  expect(namesIn(file)).toEqual(["phone"]);
  for (const name of ["", "-x", "a b", "ü", "x".repeat(65), "\x1b[31m"]) {
    expect(() => createToken(file, { ...wish, name })).toThrow(expect.objectContaining({ code: "usage" }));
  }
});

describe("a file that cannot be used", () => {
  const good = JSON.stringify({
    version: 1,
    tokens: [{ name: "a", scopes: ["read"], createdAt: wish.createdAt, hash: "0".repeat(64) }],
  });

  test.each([
    ["half of it", good.slice(0, -20), "it is not JSON"],
    ["nothing", "", "it is not JSON"],
    ["another kind", '{"listen":"x"}', "its content"],
    ["a later version", good.replace('"version":1', '"version":2'), "/version"],
    ["an unknown scope", good.replace('"read"', '"root"'), "/tokens/0/scopes/0"],
    ["a short hash", good.replace("0".repeat(64), "0".repeat(63)), "/tokens/0/hash"],
    ["a time that is none", good.replace("2026-11-22", "soon"), "/tokens/0/createdAt"],
    ["a name with an escape", good.replace('"a"', '"\\u001b[2J"'), "/tokens/0/name"],
    ["far too much", `"${"x".repeat(1_100_000)}"`, "larger than"],
  ])("holding %s is refused by name", (_, text, reason) => {
    const file = join(temporaryFolder(), "tokens.json");
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => readTokenFile(file)).toThrow(
      expect.objectContaining({
        code: "token-file-unusable",
        message: expect.stringMatching(new RegExp(`${file} cannot be used: .*${reason}`)),
      }),
    );
    // Nobody's tokens are thrown away for being unreadable.
    expect(() => createToken(file, wish)).toThrow("cannot be used");
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test.each([0o620, 0o602, 0o666])("with mode %o is refused: others could add themselves", (mode) => {
    const file = join(temporaryFolder(), "tokens.json");
    writeFileSync(file, good);
    chmodSync(file, mode);
    expect(() => readTokenFile(file)).toThrow("other users can write to it, and add themselves");
  });

  test("a folder in its place is said to be one", () => {
    const file = join(temporaryFolder(), "tokens.json");
    mkdirSync(file);
    expect(() => readTokenFile(file)).toThrow(/it is a folder/);
  });
});

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)("root leaves the file to the owner of its folder, and a user's links alone", async () => {
  const { chownSync, symlinkSync } = await import("node:fs");
  const folder = temporaryFolder();
  chownSync(folder, 12_345, 12_345);
  const target = join(temporaryFolder(), "precious");
  writeFileSync(target, "", { mode: 0o600 });
  const file = join(folder, "tokens.json");
  createToken(file, wish);
  for (const name of ["tokens.json", "tokens.json-lock"])
    expect(statSync(join(folder, name)).uid).toBe(12_345);
  const other = join(folder, "other.json");
  symlinkSync(target, `${other}-lock`);
  createToken(other, wish);
  expect(statSync(target).uid).toBe(0);
});

test("many commands at once lose no token", async () => {
  const file = join(temporaryFolder(), "tokens.json");
  const module = resolve(import.meta.dirname, "../../src/app/token-file.ts");
  const program = `
    import { createToken } from ${JSON.stringify(module)};
    const [file, name] = process.argv.slice(-2);
    for (let n = 0; n < 5; n++) createToken(file, { name: name + n, scope: "read", createdAt: ${JSON.stringify(wish.createdAt)}, expiresAt: null });`;
  const tsx = resolve(import.meta.dirname, "../../node_modules/.bin/tsx");
  const run = promisify(execFile);
  const script = join(temporaryFolder(), "create.mts");
  writeFileSync(script, program);
  await Promise.all(["a", "b", "c", "d"].map((name) => run(tsx, [script, file, name])));
  expect(namesIn(file).sort()).toEqual(
    ["a", "b", "c", "d"].flatMap((name) => [0, 1, 2, 3, 4].map((n) => `${name}${n}`)),
  );
}, 30_000);

test("who cannot get the lock says so, and changes nothing", () => {
  const file = join(temporaryFolder(), "tokens.json");
  createToken(file, wish);
  const holder = new Database(`${file}-lock`);
  holder.exec("BEGIN EXCLUSIVE");
  try {
    expect(() => createToken(file, { ...wish, name: "late" })).toThrow(
      expect.objectContaining({ code: "file-locked" }),
    );
  } finally {
    holder.close();
  }
  expect(namesIn(file)).toEqual(["phone"]);
  expect(existsSync(file)).toBe(true);
}, 15_000);
