import { describe, expect, test } from "vitest";
import { FIND_ASYNCIO_LOOP, IDENTIFY } from "../../src/board/programs.ts";
import { bytesOf, concatBytes, latin1Text } from "../../src/shared/bytes.ts";
import type { FakeBoard, FakeResult } from "../support/fake-board.ts";
import { firmware, raised } from "../support/fake-firmware.ts";
import { straight, type Wire } from "../support/fake-port.ts";
import { watch } from "./support.ts";

const CTRL_C = 3;
const withMain = (board: FakeBoard) => {
  board.mainProgram = "stops";
  board.startProgram("stops");
};
const running = (board: FakeBoard) => board.startProgram("stops");

type Watched = ReturnType<typeof watch>;

/** Holds back what the board says. The returned function lets it out. */
function stall({ world }: Watched): () => void {
  const held: Uint8Array[] = [];
  world.port!.wire = (bytes) => {
    held.push(bytes);
    return [];
  };
  return () => {
    world.port!.wire = straight;
    world.port!.print(concatBytes(held));
  };
}

/** The board resets in the middle of the next answer. */
function resetInNextAnswer({ world, board }: Watched): void {
  world.port!.wire = (bytes) => {
    if (!Buffer.from(bytes).includes("GC: total")) return straight(bytes);
    world.port!.wire = straight;
    board.reset();
    return [bytes.subarray(0, 30)];
  };
}

describe("a program that was stopped is set going", () => {
  test.each(["restart", "resume"] as const)(
    "with %s, also where the prompt comes too late after Ctrl-C",
    async (whenBusy) => {
      const watched = watch({ whenBusy }, { prepare: withMain });
      const { clock, board, program, sink, snapshot } = watched;
      program.other = () => ({ stdout: "asyncio\r\n" });
      await clock.advance(5_000);
      const goOn = stall(watched);
      await clock.advance(15_000);
      expect(sink.missed.map(({ cause }) => cause)).toContain("interrupt-ignored");
      goOn();
      await clock.advance(30_000);
      expect(snapshot().state.kind).toBe("ready");
      expect(board.mode).toBe("program");
    },
  );

  test("with restart, also where the board did not hear Ctrl-B, and restarts in raw mode, without main.py", async () => {
    const { clock, board, world } = watch({ whenBusy: "restart" }, { prepare: withMain });
    await clock.advance(5_000);
    const port = world.port!;
    const { write } = port;
    Object.assign(port, { write: (bytes: Uint8Array) => write(bytes.filter((byte) => byte !== 2)) });
    await clock.advance(8_000);
    expect(board.resets).toBe(1);
    expect(board.mode).toBe("raw");
    Object.assign(port, { write });
    await clock.advance(10_000);
    expect(board.mode).toBe("program");
  });

  test("with resume, also where the board restarts into raw mode right after its answer", async () => {
    const { clock, board, program, world } = watch({ whenBusy: "resume" }, { prepare: withMain });
    let answered = false;
    program.other = () => ({ stdout: answered ? "\r\n" : "asyncio\r\n" });
    await clock.advance(100);
    world.port!.wire = (bytes) => {
      if (answered || !latin1Text(bytes).includes("asyncio\r\n\x04\x04>")) return straight(bytes);
      answered = true;
      return straight(concatBytes([bytes, bytesOf("OK\r\nMPY: soft reboot\r\n")]));
    };
    await clock.advance(5_000);
    expect(answered).toBe(true);
    world.port!.print(bytesOf("raw REPL; CTRL-B to exit\r\n>"));
    await clock.advance(15_000);
    expect(board.mode).toBe("program");
  });

  test.each<[string, FakeResult]>([
    ["a damaged question", raised("SyntaxError: invalid syntax")],
    ["a question that looked in the wrong place", { stdout: "\r\n" }],
    ["a damaged answer", { stdout: "asynio\r\n" }],
    ["an answer between a thread's lines", { stdout: "light 5\r\nasyncio\r\nlight 6\r\n" }],
  ])("with resume, %s about its loop does no harm: it goes on, and is not restarted", async (_, first) => {
    const { clock, board, program } = watch({ whenBusy: "resume" }, { prepare: running });
    const answers = [first];
    program.other = (source) =>
      source === FIND_ASYNCIO_LOOP ? (answers.shift() ?? { stdout: "asyncio\r\n" }) : null;
    await clock.advance(5_000);
    expect(board.typed).toEqual(["__import__('asyncio').get_event_loop().run_forever()"]);
    expect(board.friendlyResets).toBe(0);
  });
});

test("with restart, an application that had been stopped before its aiorepl was up is left alone once it is", async () => {
  const program = firmware();
  const run = (source: string): FakeResult =>
    source === IDENTIFY
      ? { stdout: "pyboard\r\n3.4.0; MicroPython v1.20.0 on 2023-04-26\r\n(name='micropython')\r\nTrue\r\n" }
      : program.run(source);
  const { clock, board, world, snapshot } = watch(
    { whenBusy: "restart" },
    { prepare: running, board: { aiorepl: true, run } },
  );
  // Until it is restarted, the prompt is the REPL's own.
  const plainPrompt: Wire = (bytes) => straight(bytesOf(latin1Text(bytes).replaceAll("--> ", ">>> ")));
  world.wire = (bytes) => (board.friendlyResets === 0 ? plainPrompt(bytes) : straight(bytes));
  await clock.advance(100_000);
  expect(snapshot().state.kind).toBe("aiorepl");
  expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(1);
  expect(board.friendlyResets).toBe(1);
});

describe("with restart, a board that waits at its prompt is not restarted", () => {
  test("after main.py has ended by itself", async () => {
    const { clock, board, sink, snapshot } = watch({ whenBusy: "restart" }, { prepare: running });
    await clock.advance(100_000);
    expect(board.friendlyResets).toBe(1);
    expect(sink.readings.length).toBeGreaterThanOrEqual(10);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("after somebody stopped the program at the console", async () => {
    const { clock, board, registry, sink } = watch({ whenBusy: "restart" }, { prepare: withMain });
    await clock.advance(5_000);
    const console = await registry.find("bench")!.openConsole(() => {});
    await console.write(Uint8Array.of(CTRL_C));
    console.close();
    const before = board.friendlyResets;
    await clock.advance(60_000);
    expect(board.friendlyResets).toBe(before);
    expect(sink.readings.length).toBeGreaterThanOrEqual(6);
  });
});

describe("a watchdog is not suspected", () => {
  test("with restart, because of one restart during an exchange", async () => {
    const watched = watch({ whenBusy: "restart" }, { prepare: withMain });
    const { clock, board, sink, snapshot } = watched;
    await clock.advance(5_000);
    resetInNextAnswer(watched);
    await clock.advance(30_000);
    expect(sink.missed).toHaveLength(1);
    expect(snapshot().state.kind).toBe("ready");
    expect(board.mode).toBe("program");
  });

  test("with restart, because of a stall in an exchange", async () => {
    const watched = watch({ whenBusy: "restart" }, { prepare: withMain });
    const { clock, board, world, snapshot } = watched;
    await clock.advance(5_000);
    let goOn = (): void => {};
    world.port!.wire = (bytes) => {
      if (!Buffer.from(bytes).includes("GC: total")) return straight(bytes);
      goOn = stall(watched);
      return [bytes.subarray(0, 30)];
    };
    await clock.advance(40_000);
    goOn();
    await clock.advance(60_000);
    expect(snapshot().state.kind).toBe("ready");
    expect(board.mode).toBe("program");
  });

  test("with interrupt, because somebody started the program again at the console", async () => {
    const { clock, board, registry, snapshot } = watch({ whenBusy: "interrupt" }, { prepare: withMain });
    await clock.advance(5_000);
    const opening = registry.find("bench")!.openConsole(() => {});
    await clock.advance(1_000);
    const console = await opening;
    await console.write(Uint8Array.of(4));
    expect(board.mode).toBe("program");
    console.close();
    await clock.advance(30_000);
    expect(snapshot().state.kind).toBe("ready");
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(2);
  });

  test("with interrupt, because of a stall, once it turns out that the program was still stopped", async () => {
    const watched = watch({ whenBusy: "interrupt" }, { prepare: withMain });
    const { clock, board, world, snapshot } = watched;
    await clock.advance(8_000);
    const goOn = stall(watched);
    await clock.advance(15_000);
    expect(snapshot().state).toMatchObject({ kind: "busy", message: expect.stringContaining("watchdog") });
    goOn();
    await clock.advance(100_000);
    expect(snapshot().state.kind).toBe("ready");
    world.port!.print(board.reset());
    await clock.advance(30_000);
    expect(snapshot().state.kind).toBe("ready");
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(2);
  });
});

test("with restart, a watchdog is suspected when it happens in two exchanges in a row", async () => {
  const watched = watch({ whenBusy: "restart" }, { prepare: withMain });
  const { clock, board, snapshot } = watched;
  await clock.advance(5_000);
  resetInNextAnswer(watched);
  await clock.advance(14_000);
  resetInNextAnswer(watched);
  await clock.advance(60_000);
  expect(snapshot().state).toMatchObject({ kind: "busy", message: expect.stringContaining("watchdog") });
  expect(board.mode).toBe("program");
});
