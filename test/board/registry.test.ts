import { describe, expect, test } from "vitest";
import type { BoardSettings } from "../../src/board/watched-board.ts";
import { settings, url, watch } from "./support.ts";

const elsewhere = "serial:/dev/fake7";
/** Nothing that was there is there any more. */
const gone = { isThere: () => false };
const own = (change: Partial<BoardSettings> = {}): BoardSettings => ({ ...settings, ...change });

/** A board that was read and then unplugged. */
async function unplugged(change: Partial<BoardSettings> = {}, noticedMs = 60_000) {
  const watched = watch(change);
  await watched.clock.advance(5_000);
  watched.world.plugged = false;
  watched.world.port!.unplug();
  await watched.clock.advance(noticedMs);
  watched.world.plugged = true;
  return watched;
}

describe("a board that comes back", () => {
  test("with other settings goes on with those, and keeps its identity", async () => {
    const { clock, registry, snapshot, sink } = await unplugged({ serialNumber: "abc" });
    const readIntervalMs = 1_000;
    const plan = { ...settings.plan, readIntervalMs };
    const other = own({ port: elsewhere, serialNumber: "abc", name: "greenhouse", plan });
    expect(registry.plugged(other, true, gone)).toBe(true);
    await clock.advance(5_000);
    expect(registry.list()).toHaveLength(1);
    expect(snapshot()).toMatchObject({ id: "abc", name: "greenhouse", state: { kind: "ready" } });
    expect(sink.readings.slice(-4).map(({ boardId }) => boardId)).toEqual(["abc", "abc", "abc", "abc"]);
  });

  test("where no entry of the configuration claims it keeps its own name and settings", async () => {
    const { clock, registry, snapshot } = await unplugged({ serialNumber: "abc" });
    const other = own({ port: elsewhere, serialNumber: "abc", name: null });
    registry.plugged(other, true, { ...gone, claimed: false });
    await clock.advance(100);
    expect(snapshot()).toMatchObject({ id: "abc", name: "bench", port: elsewhere, state: { kind: "ready" } });
  });

  test("is told again while its watch is renewed, without a second board", async () => {
    const { clock, registry, snapshot } = await unplugged({ serialNumber: "abc" });
    const other = own({ port: elsewhere, serialNumber: "abc", name: "greenhouse" });
    registry.plugged(other, true, gone);
    expect(registry.plugged(other, true, gone)).toBe(false);
    await clock.advance(1_000);
    expect(registry.plugged(other, true, gone)).toBe(true);
    expect(registry.list()).toHaveLength(1);
    expect(snapshot().name).toBe("greenhouse");
  });

  test("before it has noticed that it was away is told later", async () => {
    const { clock, registry, world, snapshot } = watch({ serialNumber: "abc" });
    await clock.advance(5_000);
    const moved = own({ port: elsewhere, serialNumber: "abc" });
    expect(registry.plugged(moved, true, gone)).toBe(false);
    expect(registry.list()).toHaveLength(1);
    world.port!.unplug();
    await clock.advance(0);
    expect(registry.plugged(moved, true, gone)).toBe(true);
    await clock.advance(100);
    expect(snapshot()).toMatchObject({ id: "abc", port: elsewhere, state: { kind: "ready" } });
  });

  test("brings its serial number along where it was not known", async () => {
    const { clock, registry, snapshot } = watch({}, { plugged: false });
    await clock.advance(5_000);
    registry.plugged(own({ serialNumber: "abc", certain: true }), true, { fixed: true });
    await clock.advance(100);
    expect(snapshot()).toMatchObject({ id: "abc", name: "bench", port: url });
  });

  test("while it is lent moves along and stays lent", async () => {
    const { clock, registry, world, snapshot } = watch({ serialNumber: "abc" });
    await clock.advance(5_000);
    await registry.find("bench")!.release(null);
    await clock.advance(100);
    const opened = world.opened;
    registry.plugged(own({ port: elsewhere, serialNumber: "abc", name: "other" }), true, gone);
    await clock.advance(60_000);
    expect(registry.list()).toHaveLength(1);
    expect(snapshot()).toMatchObject({ name: "bench", port: elsewhere, state: { kind: "released" } });
    expect(world.opened).toBe(opened);
  });

  test("is not followed to a port that may not be attached, unless it is told to be", async () => {
    const { clock, registry, snapshot } = await unplugged({ serialNumber: "abc" });
    const moved = own({ port: elsewhere, serialNumber: "abc" });
    registry.plugged(moved, false, { ...gone, follow: false });
    expect(snapshot().port).toBe(url);
    registry.plugged(moved, false, { ...gone, follow: true });
    await clock.advance(100);
    expect(snapshot()).toMatchObject({ port: elsewhere, state: { kind: "ready" } });
  });

  test("without a serial number, at a new port, is known by what it says of itself", async () => {
    const { clock, registry, sink } = await unplugged();
    const { uniqueId } = registry.list()[0]!.facts!;
    registry.plugged(own({ port: elsewhere }), true, gone);
    await clock.advance(5_000);
    expect(registry.list().map(({ id, port }) => [id, port])).toEqual([[uniqueId, elsewhere]]);
    expect(sink.readings.at(-1)?.boardId).toBe(uniqueId);
  });

  test("as something else is asked anew: what was foreign may be a board now", async () => {
    const { clock, registry, world, snapshot } = watch(
      {},
      { wire: () => [new TextEncoder().encode("ERROR\r\n")] },
    );
    await clock.advance(15_000);
    expect(snapshot().state.kind).toBe("foreign");
    world.plugged = false;
    world.port!.unplug();
    await clock.advance(120_000);
    world.plugged = true;
    world.wire = (bytes) => (bytes.length > 0 ? [bytes] : []);
    registry.plugged(own(), true, gone);
    await clock.advance(100);
    expect(snapshot().state.kind).toBe("ready");
  });
});

describe("another device", () => {
  test("at a path that the configuration names takes the place of the one before", async () => {
    const { clock, registry } = await unplugged({ serialNumber: "abc" });
    registry.forget(url);
    registry.add(own({ serialNumber: "abc" }), { fixed: true });
    registry.plugged(own({ serialNumber: "def" }), true, { ...gone, fixed: true });
    await clock.advance(100);
    expect(registry.list().map(({ id, name }) => [id, name])).toEqual([["def", "bench"]]);
  });

  test("at the path of a board that was found there by itself is a board of its own", async () => {
    const { clock, registry } = await unplugged({ serialNumber: "abc", name: null });
    registry.plugged(own({ serialNumber: "def", name: null }), true, gone);
    await clock.advance(100);
    expect(registry.list().map(({ id }) => id)).toEqual(["abc", "def"]);
  });

  test("with the serial number of one whose port is still there is a board of its own", async () => {
    const { clock, registry } = watch({ serialNumber: "same" });
    await clock.advance(5_000);
    registry.plugged(own({ port: elsewhere, serialNumber: "same" }), true, { isThere: () => true });
    await clock.advance(100);
    expect(registry.list().map(({ id }) => id)).toEqual(["same", `same@${elsewhere}`]);
  });
});

test("a name that another board has is left to that one", async () => {
  const { clock, registry } = watch({ serialNumber: "abc" });
  registry.add(own({ port: elsewhere, serialNumber: "def" }));
  await clock.advance(100);
  expect(registry.list().map(({ name }) => name)).toEqual(["bench", "def"]);
  expect(registry.find("bench")?.snapshot().id).toBe("abc");
});

test("a name goes from a board that a wildcard found, and that is gone, to the one that is there", async () => {
  const { clock, registry } = await unplugged({ serialNumber: "abc" });
  registry.plugged(own({ port: elsewhere, serialNumber: "def" }), true, gone);
  await clock.advance(100);
  expect(registry.list().map(({ id, name }) => [id, name])).toEqual([["def", "bench"]]);
});

test("a board that is forgotten is stopped and no longer listed", async () => {
  const { clock, registry, world } = watch();
  await clock.advance(5_000);
  registry.forget(url);
  await clock.advance(2_000);
  expect(registry.list()).toEqual([]);
  expect(world.port!.isOpen).toBe(false);
});

test("a board that has ended stays listed, says why, and leaves its port to whoever has it then", async () => {
  const { clock, registry, world, snapshot, sink } = watch();
  await clock.advance(5_000);
  world.port!.unplug();
  await clock.advance(10);
  const { opened } = world;
  registry.ended(url, "killed by SIGKILL");
  await clock.advance(120_000);
  const message = expect.stringMatching(/^Its process ended \(killed by SIGKILL\)\. /);
  expect(snapshot().state).toMatchObject({ kind: "disconnected", message });
  expect(sink.states.slice(-2)).toEqual([`${snapshot().id} disconnected`, `${snapshot().id} disconnected`]);
  expect(world.opened).toBe(opened);
  const board = registry.find("bench");
  expect(() => board?.attach()).toThrow("Its process ended");
  await expect(board?.release(null)).rejects.toMatchObject({ code: "board-not-ready" });

  registry.plugged(own({ name: "next" }), true);
  await clock.advance(100);
  expect(registry.list().map(({ name, state }) => [name, state.kind])).toEqual([
    ["bench", "disconnected"],
    ["next", "ready"],
  ]);
});
