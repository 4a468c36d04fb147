import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DaemonRest, daemonRest } from "../../src/client/daemon-rest.ts";

const program = resolve(import.meta.dirname, "../../dist/cli/main.js");

const configName = "heapscope.yaml";

export interface DaemonOptions {
  /** Keys of the configuration file; listen, database and tokens are the harness's. */
  readonly config: object;
  /** Fills the history before the first start. */
  readonly prepare?: (databaseFile: string) => void;
}

/** The built daemon in a process and a folder of its own. */
export interface TestDaemon {
  /** The same over all its starts. */
  readonly url: string;
  readonly folder: string;
  readonly databaseFile: string;
  rest(token?: string): DaemonRest;
  /** Starts it again after `halt`. */
  start(): Promise<void>;
  /** As Ctrl-C does; the folder stays. */
  halt(): Promise<void>;
  /** At once, without a word to anybody. */
  kill(): Promise<void>;
  /** Runs `heapscope ARGS` beside it; resolves with what it printed. Throws where that failed. */
  command(args: readonly string[], input?: string): Promise<string>;
  /** Ends it and removes its folder. Twice does no harm. */
  stop(): Promise<void>;
}

export async function startDaemon({ config, prepare }: DaemonOptions): Promise<TestDaemon> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-browser-"));
  const databaseFile = join(folder, "history.db");
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const file = join(folder, configName);
  // JSON is YAML.
  const tokens = join(folder, "tokens.json");
  const whole = {
    autoAttach: false,
    log: { level: "warn" },
    ...config,
    listen,
    database: databaseFile,
    tokens,
  };
  writeFileSync(file, JSON.stringify(whole));
  prepare?.(databaseFile);
  const env = environmentOf(folder);
  let child: ChildProcess | null = null;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill(signal);
    await once(ending, "exit");
  };
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [program, "serve"], {
      stdio: ["ignore", "pipe", "inherit"],
      env,
    });
    await saysUp(child);
  };
  const daemon: TestDaemon = {
    url,
    folder,
    databaseFile,
    rest: (token) => daemonRest({ url, token, fetch }),
    start,
    halt: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    command: (args, input = "") => commandBeside(folder, args, input),
    stop: async () => {
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return daemon;
}

/** Runs `heapscope ARGS` beside a daemon that has its configuration and sockets in `folder`; resolves with what it printed. */
export function commandBeside(folder: string, args: readonly string[], input = ""): Promise<string> {
  return run([program, ...args], environmentOf(folder), input);
}

/** Asks until the answer is what `isIt` wants; throws after 15 s. */
export async function until<Value>(
  ask: () => Promise<Value>,
  isIt: (value: Value) => boolean,
): Promise<Value> {
  const giveUpMs = performance.now() + 15_000;
  for (;;) {
    const value = await ask();
    if (isIt(value)) return value;
    if (performance.now() > giveUpMs) throw new Error(`still ${JSON.stringify(value)?.slice(0, 500)}`);
    await sleep(50);
  }
}

/** The console's socket goes into the folder, too. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    HEAPSCOPE_CONFIG: join(folder, configName),
  };
}

async function saysUp(child: ChildProcess): Promise<void> {
  let text = "";
  await new Promise<void>((done, failed) => {
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes(" is up on ")) done();
    });
    child.once("exit", () => failed(new Error(`the daemon ended before it was up: ${text}`)));
  });
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv, input: string): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"], env });
  let [out, complaints] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    complaints += String(chunk);
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`heapscope ${args.slice(1).join(" ")} ended with ${code}: ${complaints}`);
  return out;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}
