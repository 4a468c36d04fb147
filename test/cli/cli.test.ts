import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { openSerialClient } from "../support/serial-client.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
/** Nothing else of our environment: it might hold HEAPSCOPE_… or FORCE_COLOR. */
const { PATH } = process.env;
const dumps = resolve(import.meta.dirname, "../fixtures/dumps");
const dump = (start: string): string =>
  join(dumps, readdirSync(dumps).find((name) => name.startsWith(start)) ?? "missing");

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the built command as a user would, without a terminal. It is gone when the test ends. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH, ...env },
    // A process group of its own, so a test can press Ctrl-C on all of it.
    detached: true,
  });
  let out = "";
  let err = "";
  child.stdout!.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr!.on("data", (chunk) => {
    err += String(chunk);
  });
  child.stdin!.on("error", () => {});
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code]): Run => ({ code: code as number | null, out, err }));
  return { child, ended, out: () => out, err: () => err };
}

async function run(
  args: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const { child, ended } = start(args, env);
  child.stdin!.end(input);
  return ended;
}

function temporaryFile(text: string, name = "file.yaml"): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function boardForTest(): Promise<EmulatedBoard> {
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  return board;
}

/** Process ids, by `pgrep`, which Linux and macOS have. */
function childrenOf(pid: number): number[] {
  return execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(Number);
}

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

test("--version and --help end with 0, on standard output", async () => {
  const [version, help] = await Promise.all([run(["--version"]), run(["--help"])]);
  expect(version).toMatchObject({ code: 0, err: "" });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const command of ["serve", "ports", "read", "analyze", "emulate", "check-config"]) {
    expect(help.out).toContain(`  ${command} `);
  }
});

test.each([
  [["reed"], "unknown command 'reed'\n(Did you mean read?)"],
  [["read", "/dev/x", "--mapp"], "unknown option '--mapp'\n(Did you mean --map?)"],
  [["read"], "missing required argument 'port'"],
  [["emulate", "--heap", "64q"], '--heap takes a size such as 65536, 64k or 1M, not "64q".'],
  [["emulate", "--heap", "9M"], '--heap takes 8k to 8M, not "9M".'],
  [["emulate", "--app", "/nowhere/app.py"], "/nowhere/app.py cannot be read"],
])("bad usage ends with 2 and says what is wrong: %j", async (args, text) => {
  const { code, out, err } = await run(args);
  expect(err).toContain(`heapscope: ${text}`);
  expect([code, out]).toEqual([2, ""]);
});

test("analyze prints a reading or a problem per line, and ends with 0 where one dump could be read", async () => {
  const { code, out } = await run(["analyze", dump("001"), dump("027"), "--json"]);
  expect(code).toBe(0);
  expect(lines(out)).toMatchObject([
    { file: dump("001"), line: 2, source: "file", map: { verified: true } },
    { file: dump("027"), line: 7, problem: { reason: "map-line-damaged" }, salvaged: { source: "file" } },
  ]);
});

test("analyze without any dump ends with 1, with damaged ones only as well", async () => {
  const none = await run(["analyze"], "nothing to see\n");
  expect(none).toMatchObject({ code: 1, out: "" });
  expect(none.err).toContain("There is no mem_info output in standard input");
  expect((await run(["analyze", dump("027"), "--json"])).code).toBe(1);
});

test("a file that cannot be read ends analyze with 2, after the others", async () => {
  const { code, out, err } = await run(["analyze", "/nowhere.txt", dump("001"), "--json"]);
  expect(code).toBe(2);
  expect(lines(out)).toHaveLength(1);
  expect(err).toBe("heapscope: /nowhere.txt cannot be read: there is no such file.\n");
});

test("analyze reads standard input, and draws in colour only when told to", async () => {
  const text =
    "stack: 1 out of 2\nGC: total: 64, used: 16, free: 48\n No. of 1-blocks: 1, 2-blocks: 0, max blk sz: 1, max free sz: 3\nGC memory layout; from 1000:\n00000: h...\n";
  const plain = await run(["analyze", "-", "--map"], text);
  expect(plain.out).toContain("stdin:1  map and header agree\n");
  expect(plain.out).toContain("  00000 h...\n");
  const colored = await run(["analyze", "-", "--map"], text, { FORCE_COLOR: "1" });
  expect(colored.out).toContain("\u001b[38;5;240m···\u001b[0m");
});

test("a reader that goes away ends analyze quietly", async () => {
  const { child, ended } = start(["analyze", ...Array(20).fill(dump("071")), "--map"]);
  child.stdout!.once("data", () => child.stdout!.destroy());
  expect(await ended).toMatchObject({ code: 0, err: "" });
});

test("check-config says what is in force, or every problem with its place", async () => {
  const fine = await run(["check-config", temporaryFile("listen: 127.0.0.1:9000\n")], "", {
    HEAPSCOPE_EMULATE: "3",
  });
  expect(fine.code).toBe(0);
  expect(fine.out).toMatch(/is fine.*listen +127\.0\.0\.1:9000\n.*emulate +3\n/s);
  const file = temporaryFile("listn: 1\nlog: {level: loud}\n");
  const bad = await run(["check-config", file]);
  expect(bad).toMatchObject({ code: 2, out: "" });
  expect(bad.err).toContain(`${file}:1:1: unknown key "listn"`);
  expect(bad.err).toContain(`${file}:2:7: "log.level"`);
});

test("check-config without a file checks the variables and shows them with the defaults", async () => {
  const [fine, bad] = await Promise.all([
    run(["check-config"], "", { HEAPSCOPE_EMULATE: "3" }),
    run(["check-config"], "", { HEAPSCOPE_EMULATE: "x" }),
  ]);
  expect(fine).toMatchObject({ code: 0, err: "" });
  expect(fine.out).toContain("The environment is fine. In force, with the defaults:\n");
  expect(fine.out).toMatch(/^ +emulate +3$/m);
  expect(fine.out).toMatch(/^ +listen +127\.0\.0\.1:7380$/m);
  expect(bad).toEqual({
    code: 2,
    out: "",
    err: 'heapscope: HEAPSCOPE_EMULATE: "emulate" must be a whole number, not "x".\n',
  });
});

test("check-config --schema is JSON that requires only what has no default", async () => {
  const { code, out } = await run(["check-config", "--schema"]);
  const schema = JSON.parse(out) as {
    required?: unknown;
    properties: { boards: { items: { oneOf: unknown } } };
  };
  expect(code).toBe(0);
  expect(schema.required).toBeUndefined();
  expect(schema.properties.boards.items.oneOf).toEqual([
    { required: ["port"] },
    { required: ["serialNumber"] },
  ]);
});

test("ports is silent on standard output or one object per line", async () => {
  const { code, out } = await run(["ports", "--json"]);
  expect(code).toBe(0);
  if (out !== "") for (const port of lines(out)) expect(port).toHaveProperty("attach");
});

test("ports says which entry of the configuration claims a port, who has it, and which entries have none", async () => {
  const board = await boardForTest();
  const client = await openSerialClient(board.path);
  onTestFinished(() => client.close());
  const text = `boards: [{port: ${board.path}, name: bench}, {serialNumber: "none-*"}]\n`;
  const config = ["--config", temporaryFile(text)];
  const json = await run(["ports", "--json", ...config]);
  expect(lines(json.out)).toContainEqual(
    expect.objectContaining({
      path: board.path,
      attach: true,
      entry: "boards[0]",
      permitted: true,
      heldBy: process.platform === "linux" ? expect.stringContaining(`(process ${process.pid})`) : null,
    }),
  );
  const human = await run(["ports", ...config]);
  expect(human.out).toContain(
    `● ${board.path}\n    pseudo-terminal\n    serve attaches it as "bench": boards[0].`,
  );
  expect(human.out).toContain("    boards[1]: No port matches serial number none-*.");
  const bad = await run(["ports", "--config", temporaryFile("boards: [{name: x}]\n")]);
  expect([bad.code, bad.err]).toEqual([
    2,
    expect.stringMatching(/:1:\d+: the key "port" is missing in boards\[0\]\./),
  ]);
});

test("emulate prints a path per board; a terminal's Ctrl-C ends it within 2 s, processes and all", async () => {
  const { child, ended, out } = start(["emulate", "--count", "2"]);
  await expect.poll(() => out().split("\n").length, { timeout: 10_000 }).toBe(3);
  const paths = out().trim().split("\n");
  const client = await openSerialClient(paths[1] ?? "");
  onTestFinished(() => client.close());
  const startedMs = performance.now();
  process.kill(-(child.pid ?? 0), "SIGINT");
  const { code, err } = await ended;
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect([code, err]).toEqual([0, expect.stringContaining("2 emulated boards run until Ctrl-C")]);
  await client.hungUp;
  expect(() => process.kill(-(child.pid ?? 0), 0)).toThrow("ESRCH");
});

test("an emulated board that ends is named and the others live on; after the last one emulate ends with 1", async () => {
  const { child, ended, out, err } = start(["emulate", "--count", "2"]);
  await expect.poll(() => err(), { timeout: 10_000 }).toContain("until Ctrl-C");
  const [first = "", second = ""] = out().trim().split("\n");
  // Which process has which port only the command knows: kill one, and see which port it names.
  const [one, other] = childrenOf(child.pid ?? 0);
  process.kill(one ?? 0, "SIGKILL");
  await expect
    .poll(() => err())
    .toMatch(/^heapscope: The board at \S+ ended \(killed by SIGKILL\); 1 of 2 still runs\.$/m);
  const dead = /The board at (\S+) ended/.exec(err())?.[1];
  expect([first, second]).toContain(dead);
  const alive = dead === first ? second : first;
  const client = await openSerialClient(alive);
  onTestFinished(() => client.close());
  expect(await client.ask("\r", ">>> ")).toContain(">>> ");
  expect(child.exitCode).toBeNull();
  process.kill(other ?? 0, "SIGKILL");
  const end = await ended;
  expect(end.code).toBe(1);
  expect(end.err.trim().split("\n").slice(-2)).toEqual([
    `heapscope: The board at ${alive} ended (killed by SIGKILL).`,
    "heapscope: No emulated board is left, so there is nothing more to do.",
  ]);
});

test("read prints the board's own numbers, a map where asked, and leaves the friendly prompt", async () => {
  const board = await boardForTest();
  const json = await run(["read", board.path, "--map", "--json"]);
  expect(json).toMatchObject({ code: 0, err: "" });
  expect(lines(json.out)).toMatchObject([
    { id: null, boardId: board.uniqueId, source: "repl", phase: "on-demand", map: { verified: true } },
  ]);
  const human = await run(["read", board.path, "--map"]);
  expect(human.out).toContain("Heap map  one cell per");
  expect(human.out).not.toContain("\u001b");
  const client = await openSerialClient(board.path);
  onTestFinished(() => client.close());
  expect(await client.ask("print(6*7)\r", ">>> ")).toContain("42");
});

test("read --collect prints before, collection and after", async () => {
  const board = await boardForTest();
  const { code, out } = await run(["read", board.path, "--collect", "--json"]);
  expect(code).toBe(0);
  expect(lines(out)).toMatchObject([
    { phase: "before-collect" },
    { beforeId: null, afterId: null, boardId: board.uniqueId },
    { phase: "after-collect" },
  ]);
});

test("read names what is wrong with a port: absent, a file, taken, refused, no URL", async () => {
  const board = await boardForTest();
  const client = await openSerialClient(board.path);
  onTestFinished(() => client.close());
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const freePort = typeof address === "object" && address ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const results = await Promise.all(
    ["/dev/nowhere", temporaryFile("x"), board.path, `tcp://127.0.0.1:${freePort}`, "nonsense"].map((port) =>
      run(["read", port]),
    ),
  );
  expect(results.map(({ code }) => code)).toEqual([1, 1, 1, 1, 2]);
  const texts = [
    "There is no port",
    "it is a file",
    "held by another program",
    "Nothing answers",
    "is not a port",
  ];
  for (const [index, text] of texts.entries()) expect(results[index]?.err).toContain(text);
});

test("read that is interrupted ends with 130 and without a word", async () => {
  const silent = createServer((socket) => socket.on("error", () => {}));
  const connected = once(silent, "connection");
  await once(silent.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { child, ended } = start(["read", `tcp://127.0.0.1:${port}`]);
  await connected;
  child.kill("SIGINT");
  expect(await ended).toEqual({ code: 130, out: "", err: "" });
});
