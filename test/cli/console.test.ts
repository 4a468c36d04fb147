import { type ChildProcess, execFileSync, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { openPty } from "../../src/emulator/pty.ts";
import { eventually } from "../support/byte-client.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
/** Nothing else of our environment: it might hold HEAPSCOPE_… or FORCE_COLOR. */
const { PATH } = process.env;

/** Starts the built command as a user would. It is gone when the test ends. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdio: StdioOptions = ["pipe", "pipe", "pipe"],
) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { stdio, env: { PATH, ...env } });
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    err += String(chunk);
  });
  child.stdin?.on("error", () => {});
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, out: () => out, err: () => err };
}

interface Served {
  readonly url: string;
  readonly board: EmulatedBoard;
  readonly daemon: ChildProcess;
}

/** A daemon in a process of its own, as a user starts it, with one board named bench. */
async function serve(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-console-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  const config = join(folder, "heapscope.yaml");
  writeFileSync(
    config,
    `boards: [{port: "${board.path}", name: bench}]\nsampling: {readIntervalSeconds: 0.5}\n`,
  );
  const args = ["serve", "--config", config, "--listen", "127.0.0.1:0", "--database", ":memory:"];
  const { child, out } = start(args, { XDG_RUNTIME_DIR: folder });
  await eventually(out).toContain("Ctrl-C stops it.");
  const url = /is up on (\S+)/.exec(out())?.[1] ?? "";
  await eventually(() => stateOf(url)).toBe("ready");
  return { url, board, daemon: child };
}

async function stateOf(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/boards/bench`);
  return JSON.parse(await response.text()).state.kind;
}

/** The command in a real terminal: what it shows, and keys for it. */
function startInTerminal(args: readonly string[]) {
  const { masterFd, keeperFd, path } = openPty();
  const stty = (setting: string): string =>
    execFileSync("stty", [process.platform === "darwin" ? "-f" : "-F", path, setting], { encoding: "utf8" });
  stty("sane");
  const before = stty("-g");
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const run = start(args, { TERM: "dumb" }, [terminal, terminal, terminal]);
  closeSync(terminal);
  let screen = "";
  const chunk = Buffer.alloc(65_536);
  const timer = setInterval(() => {
    try {
      screen += chunk.toString("utf8", 0, readSync(masterFd, chunk));
    } catch {
      // Nothing to read just now.
    }
  }, 10);
  onTestFinished(() => {
    clearInterval(timer);
    closeSync(masterFd);
    closeSync(keeperFd);
  });
  return {
    ...run,
    // Node's raw mode still makes a line end of a line feed, and the board sends whole ones.
    screen: () => screen.replace(/\r+\n/g, "\n"),
    press: (keys: string) => void writeSync(masterFd, keys),
    settings: () => stty("-g"),
    before,
  };
}

const console = (url: string, ...more: readonly string[]) => ["console", "bench", "--url", url, ...more];

test("what is piped in is typed at the board, and its answer comes out", async () => {
  const { url } = await serve();
  for (let round = 0; round < 2; round++) {
    const { child, ended } = start(console(url, "--wait", "0.5"));
    child.stdin!.end("print(6*7)\r");
    expect(await ended).toEqual({ code: 0, out: "print(6*7)\r\n42\r\n>>> ", err: "" });
  }
  await eventually(() => stateOf(url)).toBe("ready");
});

test("in a terminal: the prompt is there, every key is the board's, and Ctrl-] leaves", async () => {
  const { url } = await serve();
  for (const leave of ["\x1d", "\x18"]) {
    const { ended, screen, press, settings, before } = startInTerminal(console(url));
    const greeting = /^bench {2}\/dev\/\S+ through the daemon.*\nCtrl-\] or Ctrl-X leaves\.\n\n>>> $/s;
    await eventually(screen).toMatch(greeting);
    expect(await stateOf(url)).toBe("console");
    press("import time\rwhile True: time.sleep(0.01)\r\r");
    await eventually(screen).toContain("... \n");
    press("\x03");
    await eventually(screen).toMatch(/KeyboardInterrupt: \n>>> $/);
    press("print(6*7)\r");
    await eventually(screen).toMatch(/\n42\n>>> $/);
    press(`x${leave}never`);
    expect((await ended).code).toBe(0);
    await eventually(screen).toMatch(/>>> (x)?\nLeft bench\. Its readings go on\.\n$/);
    expect(settings()).toBe(before);
    await eventually(() => stateOf(url)).toBe("ready");
  }
});

test("a board that goes away ends it with 1 and a sentence, in a terminal as it was", async () => {
  const { url, board } = await serve();
  const { ended, screen, press, settings, before } = startInTerminal(console(url));
  await eventually(screen).toContain(">>> ");
  press("1+1\r");
  await eventually(screen).toContain("2\n>>> ");
  await board.unplug();
  expect((await ended).code).toBe(1);
  const words = "\nheapscope: The console of bench was closed: the board's port is gone.\n";
  await eventually(screen).toContain(words);
  expect(settings()).toBe(before);
});

test("a signal ends it with 130, and gives back the terminal and the board", async () => {
  const { url } = await serve();
  const { child, ended, screen, settings, before } = startInTerminal(console(url));
  await eventually(screen).toContain(">>> ");
  expect(settings()).not.toBe(before);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(130);
  expect(settings()).toBe(before);
  await eventually(() => stateOf(url)).toBe("ready");
});

test("a daemon that stops or is killed ends it with 1 and a sentence", async () => {
  for (const [signal, reason] of [
    ["SIGTERM", "heapscope stops."],
    ["SIGKILL", "the daemon is gone."],
  ] as const) {
    const { url, daemon } = await serve();
    const { ended, child } = start(console(url));
    await eventually(() => stateOf(url)).toBe("console");
    daemon.kill(signal);
    expect(await ended).toEqual({
      code: 1,
      out: "",
      err: `heapscope: The console of bench was closed: ${reason}\n`,
    });
    expect(child.signalCode).toBeNull();
  }
});

test("who cannot have a console is told why", async () => {
  const { url } = await serve();
  const taken = start(console(url));
  await eventually(() => stateOf(url)).toBe("console");
  const runs = await Promise.all(
    [
      console(url),
      ["console", "nobody", "--url", url],
      ["console", "bench", "--url", "http://127.0.0.1:9"],
      ["console", "bench", "--url", "nonsense"],
      ["console", "bench", "--wait", "soon"],
    ].map((args) => {
      const { child, ended } = start(args);
      child.stdin!.end();
      return ended;
    }),
  );
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 2, 2]);
  const texts = [
    /says: The console of board \S+ is already open/,
    /says: There is no board "nobody"/,
    /No heapscope daemon answers at http:\/\/127\.0\.0\.1:9/,
    /"nonsense" is no address of a daemon/,
    /--wait must be a number above 0/,
  ];
  for (const [index, text] of texts.entries()) expect(runs[index]?.err).toMatch(text);
  taken.child.stdin!.end();
  expect((await taken.ended).code).toBe(0);
});
