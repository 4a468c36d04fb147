import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testApp } from "../api/test-app.ts";
import { sampleMissed, sampleReading, sampleSnapshot } from "../support/samples.ts";
import { sampleToken } from "../support/tokens.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const reading = { type: "reading" as const, data: sampleReading() };

/** The built command in a pipe. */
function watch(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, "watch", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout!.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr!.on("data", (chunk) => {
    err += String(chunk);
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, ended, out: () => out, err: () => err, lines: () => out.trim().split("\n") };
}

/** The API with one board, at an address of its own. */
async function daemon(port = 0) {
  const { app, accept, boards } = await testApp();
  const url = await app.listen({ port, host: "127.0.0.1" });
  return { app, accept, boards, url, port: Number(new URL(url).port) };
}

const patient = { timeout: 15_000 };

test("in a pipe: a line per event; Ctrl-C leaves with 0", async () => {
  const { url, accept } = await daemon();
  const { child, ended, out, lines, err } = watch(["--url", url]);
  await expect.poll(out, patient).toContain("board  ready");
  accept(reading, { type: "missed", data: sampleMissed() });
  await expect.poll(() => lines().length, patient).toBe(3);
  expect(lines()[1]).toMatch(
    /^2026-11-22T17:00:00.123Z {2}greenhouse {2}reading {2}used 8.6 KiB of 240.1 KiB/,
  );
  expect(lines()[2]).toContain("greenhouse  missed  answer-silent");
  child.kill("SIGINT");
  expect([await ended, err()]).toEqual([0, ""]);
});

test("--json: every message as it came, of the named boards", async () => {
  const { url, accept, boards } = await daemon();
  boards.push(sampleSnapshot({ id: "b", name: "porch" }));
  const { child, ended, out, lines } = watch(["--url", url, "--json", "porch"]);
  await expect.poll(out, patient).toContain("snapshot");
  accept(reading, { type: "reading", data: sampleReading({ boardId: "b" }) });
  await expect.poll(() => lines().length, patient).toBe(3);
  const [hello, snapshot, event] = lines().map((line) => JSON.parse(line));
  expect(hello).toMatchObject({ type: "hello", version: 1, cursor: 0 });
  expect(snapshot).toEqual({ type: "snapshot", boards: [boards[1]], alerts: [], cursor: 0 });
  expect(event).toEqual({ type: "reading", cursor: 2, data: { ...sampleReading({ boardId: "b" }), id: 2 } });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("a daemon that goes is said, once, and so is that it is back", async () => {
  const first = await daemon();
  const { child, ended, out, err } = watch(["--url", first.url]);
  await expect.poll(out, patient).toContain("board  ready");
  await first.app.close();
  await expect
    .poll(err, patient)
    .toContain("connection lost: The daemon is stopping. Waiting for the daemon");
  const second = await daemon(first.port);
  await expect.poll(err, patient).toContain("the daemon is back");
  second.accept(reading);
  await expect.poll(out, patient).toContain("reading  used");
  expect(err().trim().split("\n")).toHaveLength(2);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("what cannot be watched is a clear sentence and exit code 1, or 2 for bad usage", async () => {
  const { url } = await daemon();
  const results = [
    ["--url", "http://127.0.0.1:9"],
    ["nobody", "--url", url],
    ["--url", "nonsense"],
  ].map((args) => watch(args));
  expect(await Promise.all(results.map(({ ended }) => ended))).toEqual([1, 1, 2]);
  const [absent, unknown, nonsense] = results.map(({ err }) => err());
  expect(absent).toContain("No heapscope daemon answers at http://127.0.0.1:9");
  expect(unknown).toBe(`heapscope: The daemon at ${url} knows no board "nobody". It knows greenhouse.\n`);
  expect(nonsense).toContain('"nonsense" is no address of a daemon');
});

test("the token of the environment goes out with every question, and the flag beats it", async () => {
  const tokens: unknown[] = [];
  const [fromEnv, fromFlag] = [sampleToken("read"), sampleToken("control")];
  const { app } = await testApp({
    deps: { tokens: () => [fromEnv.record, fromFlag.record], tokenRequired: true },
  });
  app.server.prependListener("request", ({ headers }) => tokens.push(headers.authorization));
  app.server.prependListener("upgrade", ({ headers }) => tokens.push(headers.authorization));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const { child, ended, out } = watch(["--url", url], { HEAPSCOPE_TOKEN: fromEnv.token });
  await expect.poll(out, patient).toContain("board  ready");
  child.kill("SIGINT");
  await ended;
  const flag = watch(["--url", url, "--token", fromFlag.token], { HEAPSCOPE_TOKEN: fromEnv.token });
  await expect.poll(flag.out, patient).toContain("board  ready");
  flag.child.kill("SIGINT");
  await flag.ended;
  expect(tokens).toEqual([fromEnv, fromEnv, fromFlag, fromFlag].map(({ token }) => `Bearer ${token}`));
});
