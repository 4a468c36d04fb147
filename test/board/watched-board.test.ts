import { describe, expect, test } from "vitest";
import { mapDump, raised } from "../support/fake-firmware.ts";
import { cutAfter, straight } from "../support/fake-port.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { settings, url, watch } from "./support.ts";

/** Timers that fire early, as the system's do at times. */
class HastyClock extends ManualClock {
  override after(delayMs: number, fire: () => void) {
    return super.after(delayMs > 1 ? delayMs - 0.4 : delayMs, fire);
  }
}

test("a board is read at once with a map, then on its interval", async () => {
  const { clock, sink, snapshot } = watch();
  await clock.advance(30_000);
  expect(sink.readings.map((reading) => reading.map !== null)).toEqual([true, false, false, false]);
  expect(sink.readings[0]).toMatchObject({ boardId: "e6614103e7452d2f", source: "repl", phase: "periodic" });
  expect(sink.dumps).toEqual([mapDump]);
  expect(snapshot()).toMatchObject({
    id: "e6614103e7452d2f",
    name: "bench",
    state: { kind: "ready" },
    probeGarbageBytes: 0,
    counts: { readings: 4, maps: 1, missed: 0 },
  });
});

test("a timer that fires early does not make a reading come twice", async () => {
  const { clock, sink } = watch({}, { clock: new HastyClock() });
  await clock.advance(30_500);
  expect(sink.readings).toHaveLength(4);
});

test("a collection is a reading, gc.collect() and a reading, with the board's own pause", async () => {
  const { clock, sink } = watch();
  await clock.advance(60_000);
  expect(sink.collections).toHaveLength(1);
  const [collection] = sink.collections;
  const before = sink.readings.find((reading) => reading.phase === "before-collect")!;
  const after = sink.readings.find((reading) => reading.phase === "after-collect")!;
  expect(collection).toMatchObject({
    beforeId: before.id,
    afterId: after.id,
    pauseMs: 1.234,
    reclaimedBytes: 0,
  });
});

test("a reading that waits to be stored is answered without an id", async () => {
  const { clock, sink, registry, snapshot } = watch();
  sink.waits = true;
  await clock.advance(1_000);
  const asked = registry.find("bench")!.read({ map: false });
  await clock.advance(1_000);
  expect((await asked).id).toBeNull();
  expect(snapshot().lastReading?.id).toBeNull();
  expect(sink.readings.at(-1)?.id).toBeLessThan(0);
});

test("the identity is the USB serial number, else unique_id, else the port", async () => {
  const usb = watch({ serialNumber: "abc123" });
  await usb.clock.advance(0);
  expect(usb.snapshot().id).toBe("abc123");
  const none = watch();
  none.program.uniqueId = null;
  await none.clock.advance(0);
  expect(none.snapshot().id).toBe("/dev/fake0");
});

test("two boards that claim one identity stay apart", async () => {
  const { registry, clock } = watch({ serialNumber: "same" });
  registry.add({ ...settings, port: "serial:/dev/fake1", serialNumber: "same" });
  await clock.advance(0);
  expect(registry.list().map((board) => board.id)).toEqual(["same", "same@serial:/dev/fake1"]);
});

describe("faults", () => {
  test("an answer cut short is missed with its cause, and the next reading succeeds", async () => {
    const { clock, sink, world, board } = watch();
    await clock.advance(5_000);
    world.port!.wire = cutAfter(20);
    await clock.advance(8_000);
    expect(sink.missed).toMatchObject([{ cause: "answer-silent", phase: "periodic" }]);
    world.port!.wire = straight;
    const before = sink.readings.length;
    await clock.advance(10_000);
    expect(sink.readings.length).toBe(before + 1);
    expect(board.resets).toBe(0);
    expect(board.received).not.toContain(3);
  });

  test("a damaged dump is discarded and asked for once more", async () => {
    const { clock, sink, program, snapshot } = watch();
    await clock.advance(5_000);
    program.nextReads.push({ stdout: "GC: total: 100, used: 20, free: 90\r\n" });
    await clock.advance(10_000);
    expect(sink.missed).toEqual([]);
    expect(snapshot().counts).toMatchObject({ discarded: 1, readings: 2 });
  });

  test("a program that the link garbled is run once more", async () => {
    const { clock, sink, program, snapshot } = watch();
    await clock.advance(5_000);
    program.nextReads.push(raised("SyntaxError: invalid syntax"));
    await clock.advance(10_000);
    expect(sink.missed).toEqual([]);
    expect(snapshot().counts).toMatchObject({ discarded: 1, readings: 2 });
  });

  test("a dump that is damaged twice is missed", async () => {
    const { clock, sink, program } = watch();
    await clock.advance(5_000);
    const damaged = { stdout: "GC: total: 100, used: 20, free: 90\r\n" };
    program.nextReads.push(damaged, damaged);
    await clock.advance(10_000);
    expect(sink.missed).toMatchObject([{ cause: "dump-damaged" }]);
  });

  test("a heap too full for the probe is missed with that cause, and the board stays ready", async () => {
    const { clock, sink, program, snapshot } = watch();
    await clock.advance(5_000);
    program.nextReads.push(raised("MemoryError: memory allocation failed, allocating 24 bytes"));
    await clock.advance(10_000);
    expect(sink.missed).toMatchObject([{ cause: "heap-exhausted" }]);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a program that holds the prompt makes it busy; it is asked more and more rarely, never interrupted", async () => {
    const { clock, sink, snapshot, board } = watch({}, { wire: () => [] });
    await clock.advance(300_000);
    expect(snapshot().state.kind).toBe("busy");
    expect(sink.missed.every((missed) => missed.cause === "no-prompt")).toBe(true);
    expect(sink.missed.length).toBeLessThan(12);
    expect(new Set(board.received)).toEqual(new Set([13, 1]));
    expect(sink.states).toEqual(["/dev/fake0 busy"]);
  });

  test("something that talks but is no MicroPython is called foreign", async () => {
    const { clock, snapshot } = watch({}, { wire: () => [new TextEncoder().encode("ERROR\r\n")] });
    await clock.advance(15_000);
    expect(snapshot().state).toMatchObject({ kind: "foreign", message: expect.stringContaining("ERROR") });
  });

  test("an unplugged board is disconnected, and read again within seconds of its return", async () => {
    const { clock, sink, world, snapshot } = watch();
    await clock.advance(5_000);
    world.plugged = false;
    world.port!.unplug();
    await clock.advance(2_500);
    expect(snapshot().state.kind).toBe("disconnected");
    expect(sink.missed).toMatchObject([{ cause: "port-vanished" }]);
    const before = sink.readings.length;
    world.plugged = true;
    await clock.advance(2_000);
    expect(sink.readings.length).toBeGreaterThan(before);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a board unplugged in mid-answer is missed with that cause", async () => {
    const { clock, sink, world } = watch();
    await clock.advance(5_000);
    world.port!.wire = cutAfter(20);
    await clock.advance(5_500);
    world.port!.unplug();
    await clock.advance(100);
    expect(sink.missed).toMatchObject([{ cause: "port-vanished" }]);
  });

  test("an absent board is retried with back-off and reported once", async () => {
    const { clock, sink, world, snapshot } = watch({}, { plugged: false });
    await clock.advance(600_000);
    expect(snapshot().state).toMatchObject({
      kind: "disconnected",
      message: expect.stringContaining("no port"),
    });
    expect(sink.states).toEqual(["/dev/fake0 disconnected"]);
    expect(world.opened).toBeLessThan(30);
  });
});

describe("on demand", () => {
  test("a reading now goes the same way, and may bring a map", async () => {
    const { clock, sink, registry } = watch();
    await clock.advance(5_000);
    const reading = await registry.find("bench")!.read({ map: true });
    expect(reading).toMatchObject({ phase: "on-demand", map: { verified: true } });
    expect(sink.readings.at(-1)).toEqual(reading);
  });

  test("a request waits for an exchange that is about to end", async () => {
    const { clock, registry } = watch();
    await clock.advance(5_000);
    const board = registry.find("bench")!;
    const both = await Promise.all([board.read({ map: false }), board.read({ map: true })]);
    expect(both.map((reading) => reading.map !== null)).toEqual([false, true]);
  });

  test("a collection now", async () => {
    const { clock, registry } = watch();
    await clock.advance(5_000);
    expect(await registry.find("e6614103e7452d2f")!.collect()).toMatchObject({ pauseMs: 1.234 });
  });

  test("a second request while a long one runs is refused, not queued; a periodic one is counted as overlapped", async () => {
    const { clock, registry, world, sink, snapshot } = watch();
    await clock.advance(9_500);
    world.port!.wire = () => [];
    const board = registry.find("bench")!;
    const first = board.read({ map: false }).catch((error: unknown) => error);
    const second = board.read({ map: false }).catch((error: unknown) => error);
    await clock.advance(3_000);
    expect(await second).toMatchObject({ code: "board-occupied" });
    expect(await first).toMatchObject({ code: "answer-silent" });
    expect(sink.missed).toMatchObject([{ cause: "overlap" }]);
    expect(snapshot().counts).toMatchObject({ overlapped: 1, missed: 1 });
  });

  test("a board that is not ready says why", async () => {
    const { clock, registry } = watch({}, { plugged: false });
    await clock.advance(1_000);
    await expect(registry.find("bench")!.read({ map: false })).rejects.toMatchObject({
      code: "board-not-ready",
    });
  });
});

describe("hotplug", () => {
  const elsewhere = "serial:/dev/fake7";

  test("a board that comes back at another path keeps its identity and is read at once", async () => {
    const { clock, registry, world, snapshot, sink } = watch({ serialNumber: "abc" });
    await clock.advance(5_000);
    world.plugged = false;
    world.port!.unplug();
    await clock.advance(120_000);
    expect(snapshot().state.kind).toBe("disconnected");
    world.plugged = true;
    registry.plugged({ ...settings, port: elsewhere, serialNumber: "abc" }, true);
    await clock.advance(100);
    expect(registry.list()).toHaveLength(1);
    expect(snapshot()).toMatchObject({ id: "abc", port: elsewhere, state: { kind: "ready" } });
    expect(sink.readings.at(-1)?.boardId).toBe("abc");
  });

  test("a board that comes back at its own path does not wait for the back-off", async () => {
    const { clock, registry, snapshot, world } = watch({}, { plugged: false });
    await clock.advance(300_000);
    world.plugged = true;
    registry.plugged({ ...settings, port: url, serialNumber: null }, false);
    await clock.advance(100);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("an unknown port is a new board only where it may be attached", async () => {
    const { clock, registry } = watch({ serialNumber: "abc" });
    await clock.advance(0);
    registry.plugged({ ...settings, port: elsewhere, serialNumber: "def" }, false);
    expect(registry.list()).toHaveLength(1);
    registry.plugged({ ...settings, port: elsewhere, serialNumber: "def" }, true);
    expect(registry.list()).toHaveLength(2);
    registry.plugged({ ...settings, port: elsewhere, serialNumber: "def" }, true);
    expect(registry.list()).toHaveLength(2);
    await clock.advance(100);
  });

  test("a board that is connected is not moved by another with its serial number", async () => {
    const { clock, registry } = watch({ serialNumber: "same" });
    await clock.advance(5_000);
    registry.plugged({ ...settings, port: elsewhere, serialNumber: "same" }, true);
    await clock.advance(100);
    expect(registry.list().map((board) => [board.id, board.port])).toEqual([
      ["same", url],
      [`same@${elsewhere}`, elsewhere],
    ]);
  });
});

describe("release and attach", () => {
  test("a released port is closed with the board at its friendly prompt, and nothing is read", async () => {
    const { clock, sink, registry, board, world, snapshot } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    expect(world.port!.isOpen).toBe(false);
    expect(board.mode).toBe("friendly");
    expect(snapshot().state).toMatchObject({ kind: "released", message: expect.stringContaining("attach") });
    const before = sink.readings.length;
    await clock.advance(3_600_000);
    expect(sink.readings.length).toBe(before);
    expect(sink.missed).toEqual([]);
    expect(world.opened).toBe(1);
  });

  test("lending it again and again is no reboot loop", async () => {
    const { clock, registry, snapshot } = watch();
    for (let count = 0; count < 4; count++) {
      await clock.advance(5_000);
      await registry.find("bench")!.release(null);
      registry.find("bench")!.attach();
    }
    await clock.advance(5_000);
    expect(snapshot()).toMatchObject({ state: { kind: "ready" }, counts: { restarts: 0 } });
  });

  test("attach takes it back at once", async () => {
    const { clock, sink, registry, snapshot } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    const before = sink.readings.length;
    registry.find("bench")!.attach();
    await clock.advance(100);
    expect(sink.readings.length).toBe(before + 1);
    expect(snapshot().state.kind).toBe("ready");
    expect(sink.states.slice(-3).map((line) => line.split(" ")[1])).toEqual([
      "released",
      "connecting",
      "ready",
    ]);
  });

  test("a release for a time ends by itself", async () => {
    const { clock, registry, snapshot } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(60_000);
    await clock.advance(59_000);
    expect(snapshot().state.kind).toBe("released");
    await clock.advance(1_500);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("a second release sets the time anew", async () => {
    const { clock, registry, snapshot } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(10_000);
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    await clock.advance(60_000);
    expect(snapshot().state.kind).toBe("released");
  });

  test("a port that the other program still holds is retried and named", async () => {
    const { clock, registry, world, snapshot } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    world.plugged = false;
    registry.find("bench")!.attach();
    await clock.advance(500);
    expect(snapshot().state).toMatchObject({ kind: "disconnected", message: expect.stringContaining(url) });
    world.plugged = true;
    await clock.advance(2_000);
    expect(snapshot().state.kind).toBe("ready");
  });

  test("an absent board can be released too, and stopping ends the wait", async () => {
    const { clock, registry, snapshot } = watch({}, { plugged: false });
    await clock.advance(1_000);
    await registry.find("bench")!.release(null);
    await clock.advance(60_000);
    expect(snapshot().state.kind).toBe("released");
  });

  test("a reading on demand says that the port is lent", async () => {
    const { clock, registry } = watch();
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    await expect(registry.find("bench")!.read({ map: false })).rejects.toThrow("free for other programs");
  });
});

test("stopping leaves the board at its friendly prompt, also in the middle of an exchange", async () => {
  const { clock, registry, board, world } = watch();
  await clock.advance(5_000);
  world.port!.wire = () => [];
  const reading = registry
    .find("bench")!
    .read({ map: true })
    .catch((error: unknown) => error);
  const stopped = registry.stop();
  await clock.advance(3_000);
  await stopped;
  expect(await reading).toBeInstanceOf(Error);
  expect(board.mode).toBe("friendly");
  expect(world.port!.isOpen).toBe(false);
});
