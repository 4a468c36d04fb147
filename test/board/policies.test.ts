import { describe, expect, test } from "vitest";
import { FIND_ASYNCIO_LOOP, READ } from "../../src/board/programs.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import type { FakeBoard } from "../support/fake-board.ts";
import type { FakeFirmware } from "../support/fake-firmware.ts";
import { watch } from "./support.ts";

const CTRL_C = 3;
const running = (board: FakeBoard) => board.startProgram("stops");

/** A board whose main.py runs, and starts again with every restart. */
const withMain = (board: FakeBoard) => {
  board.mainProgram = "stops";
  board.startProgram("stops");
};

function asyncio(program: FakeFirmware, found: string) {
  program.other = (source) => (source === FIND_ASYNCIO_LOOP ? { stdout: `${found}\r\n` } : null);
}

describe("skip", () => {
  test("never sends Ctrl-C, and reads at once when the program ends by itself", async () => {
    const { clock, board, world, sink, snapshot } = watch({}, { prepare: running });
    await clock.advance(600_000);
    expect(snapshot().state).toMatchObject({ kind: "busy", message: expect.stringContaining("whenBusy") });
    expect(board.received).not.toContain(CTRL_C);
    expect(board.received.length).toBeLessThan(2 * 9);
    world.port!.print(board.endProgram());
    await clock.advance(500);
    expect(snapshot().state.kind).toBe("ready");
    expect(sink.readings).toHaveLength(1);
  });

  test("a friendly prompt that appears is worth one question at once, not one each time", async () => {
    const { clock, board, world } = watch({}, { prepare: running });
    await clock.advance(5_000);
    const before = board.received.length;
    for (let count = 0; count < 20; count++) {
      world.port!.print(bytesOf("\r\n>>> "));
      await clock.advance(100);
    }
    await clock.advance(3_000);
    expect(board.received.length - before).toBeLessThanOrEqual(4);
  });
});

describe("interrupt", () => {
  test("asks gently first, then stops the program and stays at the prompt", async () => {
    const { clock, board, sink, snapshot } = watch({ whenBusy: "interrupt" }, { prepare: running });
    await clock.advance(35_000);
    expect(board.received.slice(0, 3)).toEqual([13, 1, CTRL_C]);
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(1);
    expect(sink.readings.length).toBeGreaterThanOrEqual(4);
    expect(board.mode).toBe("raw");
    expect(snapshot().state).toMatchObject({
      kind: "ready",
      message: expect.stringContaining("was stopped"),
    });
  });

  test("a program that goes on in spite of Ctrl-C is told as such, and tried more and more rarely", async () => {
    const { clock, board, sink, snapshot } = watch(
      { whenBusy: "interrupt", certain: true },
      { prepare: (fake) => fake.startProgram("ignores-ctrl-c") },
    );
    await clock.advance(600_000);
    expect(snapshot().state).toMatchObject({
      kind: "unresponsive",
      message: expect.stringContaining("in spite of Ctrl-C"),
    });
    expect(sink.missed.every(({ cause }) => cause === "interrupt-ignored")).toBe(true);
    expect(board.received.filter((byte) => byte === CTRL_C).length).toBeLessThanOrEqual(3 * 8);
  });

  test("what was never seen to be MicroPython and takes no notice of Ctrl-C is foreign: left alone", async () => {
    const { clock, board, snapshot } = watch({ whenBusy: "interrupt" }, { wire: () => [] });
    await clock.advance(600_000);
    expect(snapshot().state).toMatchObject({ kind: "foreign", message: expect.stringContaining("Ctrl-C") });
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(3);
  });

  test("a board that restarts after it is taken for guarded by a watchdog: not interrupted again, and told why", async () => {
    const { clock, board, world, snapshot } = watch({ whenBusy: "interrupt" }, { prepare: withMain });
    await clock.advance(5_000);
    expect(snapshot().state.kind).toBe("ready");
    await clock.advance(3_000);
    world.port!.print(board.reset());
    await clock.advance(600_000);
    expect(snapshot().state).toMatchObject({ kind: "busy", message: expect.stringContaining("watchdog") });
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(1);
  });

  test("the same where the reset ends the connection", async () => {
    const { clock, board, world, snapshot } = watch({ whenBusy: "interrupt" }, { prepare: withMain });
    await clock.advance(8_000);
    board.reset();
    world.port!.unplug();
    await clock.advance(60_000);
    expect(snapshot().state).toMatchObject({ kind: "busy", message: expect.stringContaining("watchdog") });
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(1);
  });

  test("attach lets it be tried again", async () => {
    const { clock, board, world, registry, snapshot } = watch(
      { whenBusy: "interrupt" },
      { prepare: withMain },
    );
    await clock.advance(8_000);
    world.port!.print(board.reset());
    await clock.advance(20_000);
    expect(snapshot().state.kind).toBe("busy");
    registry.find("bench")!.attach();
    await clock.advance(5_000);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a restart long after it is no watchdog's", async () => {
    const { clock, board, world, snapshot } = watch({ whenBusy: "interrupt" }, { prepare: withMain });
    await clock.advance(300_000);
    world.port!.print(board.reset());
    await clock.advance(30_000);
    expect(snapshot().state.kind).toBe("ready");
    expect(board.received.filter((byte) => byte === CTRL_C)).toHaveLength(2);
  });
});

describe("restart", () => {
  test("stops the program for each reading and starts main.py again with a soft reset at the friendly prompt", async () => {
    const { clock, board, sink, snapshot } = watch({ whenBusy: "restart" }, { prepare: withMain });
    await clock.advance(45_000);
    expect(sink.missed).toEqual([]);
    expect(sink.readings).toHaveLength(5);
    expect(board.friendlyResets).toBe(5);
    expect(board.resets).toBe(0);
    expect(board.mode).toBe("program");
    expect(snapshot().state).toMatchObject({ kind: "ready", message: expect.stringContaining("main.py") });
    expect(snapshot().counts.restarts).toBe(0);
  });

  test("a board that waits at its prompt is not reset", async () => {
    const { clock, board } = watch({ whenBusy: "restart" });
    await clock.advance(45_000);
    expect(board.friendlyResets).toBe(0);
  });

  test("stopping in the middle of an exchange sets the program going first", async () => {
    const { clock, board, registry } = watch({ whenBusy: "restart" }, { prepare: withMain });
    await clock.advance(9_900);
    const reading = registry.find("bench")!.read({ map: true });
    const stopped = registry.stop();
    await clock.advance(5_000);
    await stopped;
    await reading;
    expect(board.mode).toBe("program");
  });

  test("a reading that fails while the program is stopped sets it going as soon as the board answers", async () => {
    const { clock, board, program, sink } = watch({ whenBusy: "restart" }, { prepare: withMain });
    await clock.advance(15_000);
    program.nextReads.push({ stdout: "GC: total" }, { stdout: "GC: total" });
    await clock.advance(10_000);
    expect(sink.missed).toMatchObject([{ cause: "dump-damaged" }]);
    expect(board.mode).toBe("program");
  });
});

describe("resume", () => {
  test("continues the asyncio loop after each reading, from the friendly prompt", async () => {
    const { clock, board, program, sink, snapshot } = watch({ whenBusy: "resume" }, { prepare: running });
    asyncio(program, "asyncio");
    await clock.advance(45_000);
    expect(sink.missed).toEqual([]);
    expect(sink.readings).toHaveLength(5);
    expect(board.typed).toEqual(
      Array.from({ length: 5 }, () => "__import__('asyncio').get_event_loop().run_forever()"),
    );
    expect(board.friendlyResets).toBe(0);
    expect(board.mode).toBe("program");
    expect(snapshot().state).toMatchObject({ kind: "ready", message: expect.stringContaining("asyncio") });
  });

  test("restarts where there is no loop to continue, and says so", async () => {
    const { clock, board, program, snapshot } = watch({ whenBusy: "resume" }, { prepare: withMain });
    asyncio(program, "");
    await clock.advance(25_000);
    expect(board.typed).toEqual([]);
    expect(board.friendlyResets).toBe(3);
    expect(snapshot().state.message).toContain("no asyncio loop");
  });
});

describe("aiorepl", () => {
  test("is left after each answer, so that the application stands still no longer", async () => {
    const { clock, board, sink, snapshot } = watch({}, { board: { aiorepl: true } });
    await clock.advance(35_000);
    expect(snapshot().state).toMatchObject({ kind: "aiorepl", message: expect.stringContaining("aiorepl") });
    expect(sink.readings).toHaveLength(4);
    expect(board.mode).toBe("friendly");
    const leaves = board.received.filter((byte) => byte === 2).length;
    expect(leaves).toBe(board.ran.length);
    expect(board.ran.filter((source) => source === READ).length).toBeGreaterThan(3);
  });

  test("a reading on demand is possible", async () => {
    const { clock, registry, board } = watch({}, { board: { aiorepl: true } });
    await clock.advance(5_000);
    expect(await registry.find("bench")!.read({ map: true })).toMatchObject({ phase: "on-demand" });
    expect(board.mode).toBe("friendly");
  });
});

describe("foreign devices and wrong settings", () => {
  const says = (text: string) => ({ wire: () => [bytesOf(text)] });

  test.each([
    ["$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n", "GPS"],
    ["\r\nERROR\r\n", "modem"],
    ['echo:Unknown command: "\\x01"\nok\n', "3D printer"],
    ["\r\nraspberrypi login: ", "Unix console"],
    ["temperature=21.5\r\n", "temperature=21.5"],
  ])("%j is foreign after one question, never written to again, and named", async (text, named) => {
    const { clock, board, snapshot } = watch({}, says(text));
    await clock.advance(15_000);
    expect(snapshot().state).toMatchObject({ kind: "foreign", message: expect.stringContaining(named) });
    const before = board.received.length;
    await clock.advance(3_600_000);
    expect(board.received.length).toBe(before);
    expect(before).toBe(2);
  });

  test("a device that looked foreign and shows MicroPython's prompt is asked again", async () => {
    const { clock, board, world, snapshot } = watch({}, { prepare: running });
    world.wire = (bytes) => [bytes];
    await clock.advance(1_000);
    world.port!.print(bytesOf("temperature=21.5\r\n"));
    await clock.advance(10_000);
    expect(snapshot().state.kind).toBe("foreign");
    world.port!.print(board.endProgram());
    await clock.advance(1_000);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a board that is MicroPython for certain is busy, whatever its program prints", async () => {
    const { clock, snapshot } = watch({ certain: true }, says("\r\nERROR\r\n"));
    await clock.advance(15_000);
    expect(snapshot().state.kind).toBe("busy");
    expect(snapshot().state.message).not.toContain("no MicroPython board");
  });

  test("bytes that are no text name the baud rate", async () => {
    const noise = Uint8Array.of(0xfc, 0x00, 0x1c, 0xe0, 0xff, 0x80, 0x00, 0xfe);
    const { clock, snapshot, board } = watch({}, { wire: () => [noise] });
    await clock.advance(3_600_000);
    expect(snapshot().state).toMatchObject({
      kind: "unresponsive",
      message: expect.stringContaining("baudRate"),
    });
    expect(board.received.length).toBeLessThan(2 * 20);
  });
});

describe("restarts", () => {
  test("three within a minute are a reboot loop; it ends by itself", async () => {
    const { clock, board, world, sink, snapshot } = watch();
    await clock.advance(5_000);
    for (let count = 0; count < 3; count++) {
      world.port!.print(board.reset());
      await clock.advance(10_000);
    }
    expect(snapshot()).toMatchObject({
      state: { kind: "rebooting", message: expect.stringContaining("3 times") },
      counts: { restarts: 3 },
    });
    expect(sink.states.filter((line) => line.endsWith("rebooting"))).toHaveLength(1);
    await clock.advance(90_000);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a port that goes and comes again and again is one, too, told once", async () => {
    const { clock, world, sink, snapshot } = watch();
    for (let count = 0; count < 6; count++) {
      await clock.advance(4_000);
      world.port!.unplug();
      await clock.advance(2_000);
    }
    expect(snapshot().state.kind).toBe("rebooting");
    expect(sink.states.filter((line) => line.endsWith("rebooting"))).toHaveLength(1);
  });
});
