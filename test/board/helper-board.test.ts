import { expect, test } from "vitest";
import { bytesOf } from "../../src/shared/bytes.ts";
import { dumpText } from "../support/block-maps.ts";
import { endLine, printFrame, startLine } from "../support/frame-printer.ts";
import { watch } from "./support.ts";

const withMap = dumpText(["h==hS.AB=..h===="]);
const basic = withMap.slice(0, withMap.indexOf("GC memory layout"));
const every10 = "interval=10";
const frame = (sequence: number, keys = every10, run = "3f2a") =>
  printFrame(sequence, basic + basic, keys, run);
const mapFrame = (sequence: number, keys = every10) => printFrame(sequence, basic + withMap, keys);

/** A board whose application holds the prompt, and may print. */
function watchReporting(change: Parameters<typeof watch>[0] = {}, options: Parameters<typeof watch>[1] = {}) {
  const it = watch(change, { ...options, prepare: (board) => board.startProgram("stops") });
  const print = async (text: string): Promise<void> => {
    it.world.port!.print(bytesOf(text));
    await it.clock.advance(1);
  };
  const lines = () =>
    it.registry
      .find("bench")!
      .consoleLog({ limit: 100 })
      .lines.map(({ text }) => text);
  return { ...it, print, lines };
}

test("a helper's frames become readings, and its board is not asked while they come", async () => {
  const { clock, sink, board, print, snapshot, lines } = watchReporting();
  await clock.advance(5_000);
  expect(snapshot().state.kind).toBe("busy");
  const written = board.received.length;
  for (let sequence = 1; sequence <= 30; sequence++) {
    await print(`counter ${sequence}\r\n${frame(sequence)}`);
    await clock.advance(10_000);
  }
  expect(board.received).toHaveLength(written);
  expect(sink.readings).toHaveLength(30);
  expect(sink.readings[29]).toMatchObject({
    source: "helper",
    phase: "periodic",
    durationMs: null,
    wireBytes: frame(30).length - 2,
    helper: { run: "3f2a", sequence: 30, ticksMs: 30_000, mark: null },
    heap: { totalBytes: 1024 },
  });
  expect(snapshot()).toMatchObject({
    state: {
      kind: "helper",
      message: "Its application reports by itself, every 10 s; heapscope writes nothing.",
    },
    readIntervalMs: 10_000,
    counts: { readings: 30, missed: 1 },
  });
  expect(lines()).toContain("counter 30");
  expect(lines().join("\n")).not.toContain("heapscope");
});

test("a helper that has been silent for three intervals and 5 s is missed, and the board is asked again", async () => {
  const { clock, sink, board, print, snapshot } = watchReporting({ helper: { mode: "auto", request: null } });
  await print(frame(1));
  const written = board.received.length;
  await clock.advance(34_900);
  expect(snapshot().state.kind).toBe("helper");
  expect(board.received).toHaveLength(written);
  await clock.advance(200);
  expect(sink.missed.at(-1)).toMatchObject({ cause: "helper-silent" });
  await clock.advance(3_000);
  expect(board.received.length).toBeGreaterThan(written);
  expect(snapshot().state.kind).toBe("busy");
  expect(snapshot().readIntervalMs).toBe(10_000);
});

test("the application is not interrupted once its helper has reported, whatever the policy", async () => {
  const { clock, board, print, snapshot } = watchReporting({ whenBusy: "restart" });
  await print(frame(1));
  await clock.advance(20_000);
  expect(board.received).not.toContain(0x03);
  expect(snapshot()).toMatchObject({ state: { kind: "helper" }, counts: { missed: 0 } });
});

test("with helper: only not one byte is written, reports or not", async () => {
  const { clock, sink, board, print, snapshot, registry } = watchReporting({
    helper: { mode: "only", request: 0x05 },
    whenBusy: "interrupt",
  });
  await clock.advance(30_000);
  expect(snapshot().state.kind).toBe("connecting");
  await clock.advance(60_000);
  expect(snapshot().state).toMatchObject({
    kind: "unresponsive",
    message: expect.stringContaining("helper: only"),
  });
  await print(frame(1));
  expect(snapshot().state.kind).toBe("helper");
  await expect(registry.find("bench")!.read({ map: true })).rejects.toMatchObject({
    code: "helper-no-request",
  });
  await clock.advance(600_000);
  expect(sink.missed.map(({ cause }) => cause)).toEqual(["helper-silent"]);
  const stopped = registry.stop();
  await clock.advance(10_000);
  await stopped;
  expect(board.received).toEqual([]);
});

test("with helper: only an application may also report whenever it wants to", async () => {
  const { clock, print, snapshot, sink } = watchReporting({ helper: { mode: "only", request: null } });
  await clock.advance(100_000);
  await print(frame(1, "phase=on-demand mark=point label=boot"));
  await clock.advance(600_000);
  expect(snapshot().state).toMatchObject({ kind: "helper", message: expect.stringContaining("whenever") });
  expect(sink.missed).toEqual([]);
});

test("without an interval a report is taken, and the board is asked besides", async () => {
  const { clock, print, snapshot, sink, board } = watchReporting();
  await print(frame(1, "phase=on-demand mark=point label=boot"));
  const written = board.received.length;
  await clock.advance(30_000);
  expect(sink.readings).toMatchObject([{ helper: { mark: { kind: "point", label: "boot" } } }]);
  expect(snapshot().state.kind).toBe("busy");
  expect(board.received.length).toBeGreaterThan(written);
});

test("with helper: off frames are an application's output", async () => {
  const { clock, sink, print, lines } = watchReporting({ helper: { mode: "off", request: null } });
  await clock.advance(5_000);
  await print(frame(1));
  expect(sink.readings).toEqual([]);
  expect(lines().join("\n")).toContain("<heapscope 1 1 ");
});

test("readings before and after a collection are a collection with its pause", async () => {
  const { sink, print, snapshot } = watchReporting();
  await print(frame(1, "phase=before-collect"));
  await print(frame(2, `phase=after-collect pause_us=1850 ${every10}`));
  expect(sink.collections).toMatchObject([{ beforeId: 1, afterId: 2, pauseMs: 1.85, reclaimedBytes: 0 }]);
  await print(frame(3, "phase=before-collect"));
  await print(frame(5, "phase=after-collect"));
  expect(sink.collections).toHaveLength(1);
  expect(snapshot().counts).toMatchObject({ readings: 4, collections: 1 });
});

test("lost frames are missed, duplicates dropped, and a new run is a restart", async () => {
  const { sink, print, snapshot } = watchReporting();
  await print(frame(1) + frame(1));
  await print(`${startLine(2)}\r\n${basic}`);
  await print(frame(4));
  expect(sink.missed).toMatchObject([
    { cause: "helper-frame-lost", detail: expect.stringContaining("2 reports of the board's helper") },
  ]);
  expect(snapshot().counts.restarts).toBe(0);
  await print(frame(1, every10, "9c01"));
  expect(snapshot().counts).toMatchObject({ readings: 3, restarts: 1 });
});

test("a restart that the board itself tells of is counted once", async () => {
  const { clock, print, snapshot } = watchReporting();
  await clock.advance(5_000);
  await print(frame(1));
  await print("MPY: soft reboot\r\n");
  await print(frame(1, every10, "9c01"));
  expect(snapshot().counts.restarts).toBe(1);
});

test("two helpers are told in one sentence", async () => {
  const { sink, print, snapshot } = watchReporting();
  for (let sequence = 1; sequence < 4; sequence++)
    await print(frame(sequence, every10, "aa") + frame(sequence, every10, "bb"));
  expect(snapshot().state.message).toContain("Two helpers report at the same time (runs");
  expect(sink.readings).toHaveLength(6);
  expect(snapshot().counts).toMatchObject({ missed: 0, restarts: 0 });
});

test("a helper of another version is told once, and nothing is read from it", async () => {
  const { sink, print } = watchReporting();
  for (let sequence = 1; sequence < 5; sequence++) {
    const start = startLine(sequence, every10, "3f2a", 2);
    await print(`${start}\r\n${basic}${endLine(sequence, start)}\r\n`);
  }
  expect(sink.missed.filter(({ cause }) => cause === "helper-version")).toMatchObject([
    { detail: expect.stringContaining("form 2") },
  ]);
  expect(sink.readings).toEqual([]);
});

test.each(["auto", "only"] as const)(
  "with helper: %s a board whose helper is of another version says so and is left alone while it reports",
  async (mode) => {
    const { clock, board, print, snapshot } = watchReporting({ helper: { mode, request: null } });
    const start = startLine(1, every10, "3f2a", 2);
    const foreign = `${start}\r\n${basic}${endLine(1, start)}\r\n`;
    await print(foreign);
    await clock.advance(10_000);
    await print(foreign);
    const written = board.received.length;
    for (let count = 0; count < 20; count++) {
      expect(snapshot().state).toMatchObject({
        kind: "unresponsive",
        message: expect.stringContaining("reports in form 2"),
      });
      await clock.advance(10_000);
      await print(foreign);
    }
    expect(board.received).toHaveLength(written);
    await clock.advance(36_000);
    expect(snapshot().state.message).not.toContain("form 2");
    expect(board.received.length > written).toBe(mode === "auto");
    await print(frame(1));
    expect(snapshot().state.kind).toBe("helper");
  },
);

test("a map on demand is the request byte and the helper's answer", async () => {
  const { clock, board, print, registry, sink } = watchReporting({ helper: { mode: "auto", request: 0x05 } });
  await print(frame(1));
  await clock.advance(3_000);
  const written = board.received.length;
  const asked = registry.find("bench")!.read({ map: true });
  await clock.advance(200);
  expect(board.received.slice(written)).toEqual([0x05]);
  await print(frame(2));
  await print(mapFrame(3, "phase=on-demand"));
  expect(await asked).toMatchObject({ id: 3, source: "helper", phase: "on-demand", map: { verified: true } });
  expect(sink.dumps).toEqual([withMap]);
  await expect(registry.find("bench")!.collect()).rejects.toMatchObject({ code: "helper-no-request" });
  await expect(registry.find("bench")!.listModules()).rejects.toMatchObject({ code: "helper-no-request" });
});

test("a request that is not answered ends in a clear problem, and so does one where no byte was agreed on", async () => {
  const { clock, print, registry } = watchReporting({ helper: { mode: "auto", request: 0x05 } });
  await print(frame(1));
  const asked = registry.find("bench")!.read({ map: true });
  const refused = expect(asked).rejects.toMatchObject({ code: "helper-no-answer" });
  await expect(registry.find("bench")!.read({ map: true })).rejects.toMatchObject({ code: "board-occupied" });
  await clock.advance(10_000);
  await refused;
});

test("where no byte was agreed on, a request is a clear problem", async () => {
  const { print, registry } = watchReporting();
  await print(frame(1));
  await expect(registry.find("bench")!.read({ map: true })).rejects.toMatchObject({
    code: "helper-no-request",
  });
});

test("after an interruption of the port the helper is listened to before the board is asked", async () => {
  const { clock, board, print, world, snapshot, sink } = watchReporting();
  await print(frame(1));
  await clock.advance(3_000);
  const written = board.received.length;
  world.port!.unplug();
  await clock.advance(2_000);
  expect(snapshot().state).toMatchObject({
    kind: "connecting",
    message: expect.stringContaining("every 10 s before"),
  });
  await clock.advance(8_000);
  await print(frame(7));
  expect(snapshot().state.kind).toBe("helper");
  expect(sink.readings).toHaveLength(2);
  expect(sink.missed.map(({ cause }) => cause)).not.toContain("helper-frame-lost");
  expect(board.received).toHaveLength(written);
});

test("a helper that is known and does not report in 2.5 intervals is waited for no longer", async () => {
  const { clock, board, print, world } = watchReporting();
  await print(frame(1));
  await clock.advance(3_000);
  const written = board.received.length;
  world.port!.unplug();
  await clock.advance(25_900);
  expect(board.received).toHaveLength(written);
  await clock.advance(1_000);
  expect(board.received.length).toBeGreaterThan(written);
});

test("a board at its prompt whose helper runs by a timer is left at its friendly prompt", async () => {
  const { clock, world, board, snapshot } = watch();
  await clock.advance(1_000);
  expect([snapshot().state.kind, board.mode]).toEqual(["ready", "raw"]);
  world.port!.print(bytesOf(frame(1)));
  await clock.advance(500);
  expect([snapshot().state.kind, board.mode]).toEqual(["helper", "friendly"]);
  const written = board.received.length;
  await clock.advance(30_000);
  expect(board.received).toHaveLength(written);
});

test("frames are taken while a console is open, which sees them as they are", async () => {
  const { clock, print, registry, sink, snapshot } = watchReporting();
  await print(frame(1));
  await clock.advance(3_000);
  const seen: number[] = [];
  const opening = registry.find("bench")!.openConsole((bytes) => seen.push(...bytes));
  await clock.advance(1_000);
  const console = await opening;
  await print(frame(2));
  expect(String.fromCharCode(...seen)).toBe(frame(2));
  expect([sink.readings.length, snapshot().state.kind]).toEqual([2, "console"]);
  console.close();
  await clock.advance(100);
  expect(snapshot().state.kind).toBe("helper");
});

test("a frame that never ends is given up after a minute, and what the application printed in it is shown", async () => {
  const { clock, print, lines } = watchReporting();
  await print(`${frame(1)}${startLine(2)}\r\n${basic}counter 5\r\n`);
  expect(lines()).toEqual([]);
  await clock.advance(62_000);
  expect(lines()).toEqual(["counter 5"]);
});
