import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../store/temp-folder.ts";
import { eventually } from "../support/byte-client.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
/** Nothing else of our environment: it might hold HEAPSCOPE_… or FORCE_COLOR. */
const { PATH } = process.env;

/** Starts the built command as a user would. It is gone when the test ends. */
function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { env: { PATH, ...env } });
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    err += String(chunk);
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, out: () => out };
}

function bench() {
  const folder = temporaryFolder();
  const file = join(folder, "tokens.json");
  const env = { HEAPSCOPE_TOKENS: file, XDG_RUNTIME_DIR: folder };
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    start(args, { ...env, ...more }).ended;
  const create = async (...args: readonly string[]) => (await run(["token", "create", ...args])).out.trim();
  return { folder, file, env, run, create };
}

const publicly = ["serve", "--emulate", "1", "--listen", "0.0.0.0:0", "--database", ":memory:"];

test("create prints the token alone, list shows all but the hash, revoke takes it away", async () => {
  const { file, run } = bench();
  expect(await run(["token", "list"])).toEqual({ code: 0, out: "", err: `There is no token in ${file}.\n` });
  const made = await run(["token", "create", "phone", "--scope", "control", "--expires", "90d"]);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^hs_[\w-]{43}\n$/) });
  expect(made.err).toMatch(
    /^phone: may read, and act on boards, until 20\d\d-.*only time the token is shown/,
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await run(["token", "create", "grafana"]);

  const table = await run(["token", "list"]);
  expect(table.out).toMatch(
    /^phone {4}control {2}made \S+, expires \S+ \S+ UTC\ngrafana {2}read {5}made \S+, until revoked\n$/,
  );
  const lines = (await run(["token", "list", "--json"])).out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      name: "phone",
      scopes: ["read", "control"],
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
    },
    { name: "grafana", scopes: ["read"], createdAt: expect.any(String), expiresAt: null },
  ]);
  expect(await run(["token", "revoke", "phone"])).toMatchObject({ code: 0, out: "" });
  expect((await run(["token", "list"])).out).not.toContain("phone");
}, 30_000);

test("what is wrong is said, with the exit code of its kind", async () => {
  const { file, folder, run } = bench();
  writeFileSync(join(folder, "bad.yaml"), "emulate: many\n");
  await run(["token", "create", "phone"]);
  const wrong = [
    [1, ["create", "phone"], `There is a token "phone" in ${file} already`],
    [1, ["revoke", "nobody"], `There is no token "nobody" in ${file}`],
    [2, ["create", "x", "--scope", "all"], "Allowed choices are read, control"],
    [2, ["create", "x", "--expires", "soon"], "--expires takes a time such as 12h"],
    [2, ["create", "a b"], '"a b" is no name for a token'],
    [2, ["list", "--config", join(folder, "bad.yaml")], '"emulate" must be a whole number'],
    [2, [], "Usage: heapscope token"],
  ] as const;
  for (const [code, args, text] of wrong) {
    const result = await run(["token", ...args]);
    expect([args, result.code, result.out]).toEqual([args, code, ""]);
    expect(result.err).toContain(text);
    expect(result.err).not.toMatch(/\bat .*\.js:/);
  }
  const nowhere = await run(["token", "create", "x"], { HEAPSCOPE_TOKENS: "/proc/x/tokens.json" });
  expect(nowhere).toMatchObject({
    code: 2,
    err: expect.stringContaining("/proc/x/tokens.json cannot be used"),
  });
}, 60_000);

test("serve refuses a public address without a token, with 2 and what to do", async () => {
  const { run } = bench();
  const { code, out, err } = await run(publicly);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(
    /^heapscope: 0\.0\.0\.0:0 can be reached from other machines.*heapscope token create NAME/,
  );
  const checked = await run(["check-config"], { HEAPSCOPE_LISTEN: "0.0.0.0:7380" });
  expect(checked.code).toBe(0);
  expect(checked.err).toContain('Yet "serve" would not start here');
  await run(["token", "create", "phone"]);
  const elsewhere = await run(["serve", "--listen", "203.0.113.9:0", "--database", ":memory:"]);
  expect(elsewhere).toMatchObject({
    code: 2,
    err: expect.stringContaining("this machine has no such address"),
  });
}, 30_000);

test("a public daemon answers tokens, follows their file, and stays shut when the last is gone", async () => {
  const { env, run, create } = bench();
  const [control = "", reader = ""] = [await create("phone", "--scope", "control"), await create("grafana")];
  const { out } = start(publicly, env);
  await eventually(out).toContain("Ctrl-C stops it.");
  const url = /is up on (\S+)/.exec(out())?.[1] ?? "";
  expect(out()).toContain("with a token (2 valid)");
  const status = async (path: string, token: string | null, method = "GET") => {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`${url}/api/v1/${path}`, { method, headers })).status;
  };
  expect([
    await status("boards", null),
    await status("health", null),
    await status("boards", `${reader}x`),
    await status("boards", reader),
    await status("boards/emulated-1/attach", reader, "POST"),
    await status("boards/emulated-1/attach", control, "POST"),
  ]).toEqual([401, 200, 401, 200, 403, 200]);

  // Commands bring the token along, and say what is wrong with it.
  const attach = ["attach", "emulated-1", "--url", url];
  expect(await run(attach)).toMatchObject({
    code: 1,
    err: expect.stringContaining("--token or HEAPSCOPE_TOKEN"),
  });
  expect(await run(attach, { HEAPSCOPE_TOKEN: reader })).toMatchObject({
    code: 1,
    err: expect.stringContaining("needs the scope control"),
  });
  expect(await run([...attach, "--token", control])).toMatchObject({ code: 0, err: "" });
  expect(await run(attach, { HEAPSCOPE_TOKEN: ` ${control}\n` })).toMatchObject({ code: 0 });
  expect(await run(attach, { HEAPSCOPE_TOKEN: "a b" })).toMatchObject({ code: 2 });
  const console = ["console", "emulated-1", "--url", url];
  expect((await run(console)).err).toContain("it asks for a token before it tells more");

  const audit = await fetch(`${url}/api/v1/audit`, { headers: { authorization: `Bearer ${control}` } });
  const entries = JSON.parse(await audit.text()).map(
    ({ token, status: answered }: { token: string; status: number }) => [token, answered],
  );
  expect(entries).toEqual([
    ["grafana", 403],
    ["phone", 200],
    [null, 401],
    ["grafana", 403],
    ["phone", 200],
    ["phone", 200],
  ]);

  await run(["token", "revoke", "grafana"]);
  await run(["token", "revoke", "phone"]);
  await eventually(() => status("boards", control)).toBe(401);
  expect([await status("boards", reader), await status("boards", null)]).toEqual([401, 401]);
}, 60_000);
