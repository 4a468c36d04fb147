import { pino } from "pino";
import { describe, expect, type TestContext, test } from "vitest";
import { BoardRegistry } from "../../src/board/registry.ts";
import { Session } from "../../src/board/session.ts";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import { type EmulatedBoardOptions, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { utf8Text } from "../../src/shared/bytes.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { appFolder } from "../support/apps/app-folder.ts";
import { Notebook, settings } from "./support.ts";

const CTRL_C = 3;
const READ_INTERVAL_MS = 300;

/** A real board with an application, watched in real time. `written` is every byte the host sent. */
async function watched({ onTestFinished }: TestContext, whenBusy: WhenBusy, options: EmulatedBoardOptions) {
  const board = await startEmulatedBoard(options);
  onTestFinished(() => board.stop());
  const sink = new Notebook();
  const written: number[] = [];
  const registry = new BoardRegistry({
    clock: systemClock,
    sink,
    log: pino({ level: "silent" }),
    openPort: async (url, signal, portOptions) => {
      const port = await openPort(url, signal, portOptions);
      return {
        ...port,
        write: (bytes) => {
          written.push(...bytes);
          return port.write(bytes);
        },
      };
    },
  });
  onTestFinished(() => registry.stop());
  const plan = { ...settings.plan, readIntervalMs: READ_INTERVAL_MS, collectIntervalMs: 0 };
  registry.add({ ...settings, port: board.url, whenBusy, plan });
  return { board, registry, sink, written, state: () => registry.list()[0]!.state };
}

async function until(what: string, isSo: () => boolean, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Stops the program and asks for a value. */
async function askedFor(url: string, expression: string): Promise<number> {
  const session = new Session(await openPort(url), { clock: systemClock });
  try {
    await session.enter("interrupt");
    const { stdout } = await session.run(`print(${expression})`, { silenceMs: 2_000, deadlineMs: 5_000 });
    return Number(utf8Text(stdout));
  } finally {
    await session.close();
  }
}

/** All at once: each has its board for itself, and most of the time it waits for that. */
describe.concurrent("a board with an application", () => {
  test("resume: an asyncio application keeps its counter across ten readings", async (context) => {
    const { board, registry, sink, state } = await watched(context, "resume", {
      filesDir: appFolder("asyncio-counter"),
    });
    const startedMs = performance.now();
    await until("ten readings", () => sink.readings.length >= 10);
    expect(state()).toMatchObject({ kind: "ready", message: expect.stringContaining("asyncio") });
    await registry.stop();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const seconds = (performance.now() - startedMs) / 1000;
    const count = await askedFor(board.url, "count");
    // 20 a second; a restart would have left it at a few.
    expect(count).toBeGreaterThan(seconds * 20 * 0.4);
    expect(await askedFor(board.url, "slow")).toBeGreaterThan(seconds);
    expect(sink.missed.filter(({ cause }) => cause !== "overlap")).toEqual([]);
  }, 30_000);

  test("skip: the application never sees a Ctrl-C, and is told as busy", async (context) => {
    const { board, registry, written, state } = await watched(context, "skip", {
      filesDir: appFolder("asyncio-counter"),
    });
    await until("busy", () => state().kind === "busy");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await registry.stop();
    expect(written).not.toContain(CTRL_C);
    expect(await askedFor(board.url, "count")).toBeGreaterThan(2 * 20 * 0.5);
  }, 30_000);

  test("restart: main.py runs again after each reading, and what it prints is in the console's log", async (context) => {
    const { board, registry, sink } = await watched(context, "restart", {
      filesDir: appFolder("printing-loop"),
    });
    await until("five readings", () => sink.readings.length >= 5);
    const watchedBoard = registry.find("bench")!;
    await registry.stop();
    const printed = watchedBoard.consoleLog({ limit: 1000 }).lines.map(({ text }) => text);
    // What came before the port was open, and after the last reading, is not in it.
    expect(printed.filter((text) => text === "count 1").length).toBeGreaterThanOrEqual(3);
    // Nothing of Ctrl-C, the raw REPL and soft resets. Ctrl-C may part a line.
    expect(printed.filter((text) => !/^(?:count)? ?\d*$/.test(text))).toEqual([]);
    const session = new Session(await openPort(board.url), { clock: systemClock });
    context.onTestFinished(() => session.close());
    // It talks and shows no prompt: main.py runs.
    await expect(session.enter("gentle")).rejects.toMatchObject({ code: "not-micropython" });
    await session.enter("interrupt");
    const { stdout } = await session.run("print(count)", { silenceMs: 2_000, deadlineMs: 5_000 });
    // It has counted, ten times a second, since the last start only.
    expect(Number(utf8Text(stdout))).toBeLessThan(5 * 20);
  }, 30_000);

  test("interrupt: a board with a watchdog resets once, then is left alone and told why", async (context) => {
    const { sink, state, written } = await watched(context, "interrupt", { filesDir: appFolder("watchdog") });
    await until("the first reading", () => sink.readings.length > 0);
    await until("the watchdog is suspected", () => state().message.includes("watchdog"));
    expect(state().kind).toBe("busy");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(written.filter((byte) => byte === CTRL_C)).toHaveLength(1);
  }, 30_000);

  test("aiorepl: read through the application's own prompt, which goes on between the answers", async (context) => {
    const { board, registry, sink, state, written } = await watched(context, "skip", {
      filesDir: appFolder("aiorepl-app"),
      heapBytes: 262_144,
    });
    await until("ten readings", () => sink.readings.length >= 10);
    expect(state().kind).toBe("aiorepl");
    await registry.stop();
    const session = new Session(await openPort(board.url), { clock: systemClock });
    context.onTestFinished(() => session.close());
    const count = async () =>
      Number(utf8Text((await session.run("print(count)", { silenceMs: 2_000, deadlineMs: 5_000 })).stdout));
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await count()).toBeGreaterThan(before);
    expect(written).not.toContain(CTRL_C);
  }, 30_000);

  test("a board at another baud rate is told as such", async (context) => {
    const { state } = await watched(context, "skip", {
      filesDir: appFolder("printing-loop"),
      faults: [{ kind: "baud" }],
    });
    await until("it is recognised", () => state().kind === "unresponsive");
    expect(state().message).toContain("baudRate");
  }, 30_000);

  test("a board that resets itself again and again is told as rebooting", async (context) => {
    const { state, sink } = await watched(context, "skip", { filesDir: appFolder("reboot-loop") });
    await until("three restarts", () => state().kind === "rebooting");
    expect(sink.states.filter((line) => line.endsWith("rebooting"))).toHaveLength(1);
  }, 30_000);
});
