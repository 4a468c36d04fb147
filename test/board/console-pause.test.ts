import { expect, test } from "vitest";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";
import { settle } from "../support/manual-clock.ts";
import { settings, watch } from "./support.ts";

type World = ReturnType<typeof watch>;

/** Opens the board's console; `heard()` is what came out of it so far. */
async function openConsole({ registry, clock }: World) {
  let heard = "";
  const opening = registry.find("bench")!.openConsole((bytes) => {
    heard += latin1Text(bytes);
  });
  await clock.advance(0);
  return { console: await opening, heard: () => heard };
}

async function watched(): Promise<World> {
  const world = watch();
  await world.clock.advance(5_000);
  return world;
}

test("while a console is open nothing is read and nothing missed; then it is read at once", async () => {
  const world = await watched();
  const { clock, sink, snapshot, board } = world;
  const { console, heard } = await openConsole(world);
  expect(console.atPrompt).toBe(true);
  expect(board.mode).toBe("friendly");
  expect(snapshot().state).toMatchObject({ kind: "console", message: expect.stringContaining("pause") });
  await console.write(bytesOf("print(1)\r"));
  await clock.advance(3_600_000);
  expect(board.typed).toEqual(["print(1)"]);
  expect(heard()).toContain(">>> ");
  expect(sink.readings).toHaveLength(1);
  console.close();
  await clock.advance(0);
  expect(sink.readings.length).toBeGreaterThan(1);
  expect(sink.missed).toEqual([]);
  expect(sink.states.map((state) => state.split(" ").at(-1)).slice(-3)).toEqual([
    "console",
    "connecting",
    "ready",
  ]);
  expect(snapshot().counts).toMatchObject({ missed: 0, overlapped: 0 });
});

test("what the board prints at a console is in its log, too", async () => {
  const world = await watched();
  const { console, heard } = await openConsole(world);
  await console.write(bytesOf("print(1)\r"));
  await world.clock.advance(2_000);
  expect(heard()).toContain("print(1)");
  console.close();
  await world.clock.advance(20_000);
  const { lines } = world.registry.find("bench")!.consoleLog({ limit: 10 });
  expect(lines.map(({ text }) => text)).toEqual([expect.stringContaining("print(1)")]);
});

test("one console at a time; the next one after it", async () => {
  const world = await watched();
  const { console } = await openConsole(world);
  await expect(world.registry.find("bench")!.openConsole(() => {})).rejects.toMatchObject({
    code: "console-taken",
  });
  console.close();
  await world.clock.advance(0);
  expect((await openConsole(world)).console.atPrompt).toBe(true);
});

test("release closes the console and the port, and attach has the board read again", async () => {
  const world = await watched();
  const { clock, registry, snapshot, sink } = world;
  const { console } = await openConsole(world);
  const released = registry.find("bench")!.release(null);
  await clock.advance(2_000);
  await released;
  expect(await console.closed).toBe("the port was released");
  expect(world.world.port!.isOpen).toBe(false);
  await clock.advance(60_000);
  expect(snapshot().state.kind).toBe("released");
  expect(sink.readings).toHaveLength(1);
  registry.find("bench")!.attach();
  await clock.advance(0);
  expect(snapshot().state.kind).toBe("ready");
  expect(sink.missed).toEqual([]);
});

test("a console that is asked for and released in the same moment is not opened", async () => {
  const world = await watched();
  const { clock, registry, snapshot } = world;
  const opening = registry.find("bench")!.openConsole(() => {});
  const refused = expect(opening).rejects.toMatchObject({
    code: expect.stringMatching(/^(board-not-ready|port-vanished)$/),
  });
  const released = registry.find("bench")!.release(null);
  await clock.advance(2_000);
  await Promise.all([released, refused]);
  expect(snapshot().state.kind).toBe("released");
  registry.find("bench")!.attach();
  await clock.advance(0);
  expect(snapshot().state.kind).toBe("ready");
});

test("a board left in the middle of a program by raw-paste is got out of it, without Ctrl-C", async () => {
  const world = await watched();
  const { clock, board, sink, snapshot } = world;
  const { console } = await openConsole(world);
  await console.write(bytesOf("\r\x01"));
  await console.write(bytesOf("\x05A\x01"));
  await console.write(bytesOf("print("));
  await settle();
  expect(board.mode).toBe("paste");
  console.close();
  await clock.advance(5_000);
  expect(snapshot().state.kind).toBe("ready");
  expect(sink.missed).toEqual([]);
  expect(board.received).not.toContain(3);
  expect(board.resets).toBe(0);
});

test("no console where the port is not open, with the state as the reason", async () => {
  const { registry, clock } = watch({}, { plugged: false });
  await clock.advance(1_000);
  await expect(registry.find("bench")!.openConsole(() => {})).rejects.toMatchObject({
    code: "board-not-ready",
    message: expect.stringContaining("no port"),
  });
});

test("a console port leads to the board that has it in its settings", async () => {
  const { registry, clock } = watch({ consolePort: 7391 });
  registry.add({ ...settings, name: "other", port: "serial:/dev/fake1" });
  await clock.advance(5_000);
  expect(registry.atConsolePort(7391)?.snapshot().name).toBe("bench");
  expect(registry.atConsolePort(7392)).toBeUndefined();
});
