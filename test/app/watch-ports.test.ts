import { pino } from "pino";
import { expect, test } from "vitest";
import { watchPorts } from "../../src/app/watch-ports.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** A port is a text: its path, and what tells it from others that had the path. */
function watching(
  known: readonly string[],
  fingerprint: (ports: readonly string[]) => string | null = () => null,
) {
  const clock = new ManualClock();
  const world = { ports: known, fails: false, plugged: [] as string[], lists: 0, isReady: true };
  const stop = watchPorts<string>(known, {
    clock,
    log: pino({ level: "silent" }),
    fingerprint: () => fingerprint(world.ports),
    list: async () => {
      world.lists++;
      if (world.fails) throw new Error("no /sys");
      return world.ports;
    },
    keyOf: (port) => port,
    isReadyAtOnce: (port) => port.startsWith("now"),
    onPlugged: (port) => {
      world.plugged.push(port);
      return world.isReady;
    },
  });
  return { clock, world, stop };
}

test("a port that was not there a moment ago is told three times, a look apart, and no more", async () => {
  const { clock, world, stop } = watching(["a"]);
  world.ports = ["a", "b"];
  await clock.advance(10_000);
  expect(world.plugged).toEqual(["b", "b", "b"]);
  await stop();
  expect(clock.pending).toBe(0);
});

test("a port that went and came back, or became another device, is told again", async () => {
  const { clock, world, stop } = watching(["a 1"]);
  for (const ports of [[], ["a 1"], ["a 2"]]) {
    world.ports = ports;
    await clock.advance(5_000);
  }
  expect(world.plugged).toEqual(["a 1", "a 1", "a 1", "a 2", "a 2", "a 2"]);
  await stop();
});

test("what a new port's board is not ready for is told until it is", async () => {
  const { clock, world, stop } = watching([], String);
  world.isReady = false;
  world.ports = ["a"];
  await clock.advance(20_000);
  const told = world.plugged.length;
  expect(told).toBeGreaterThan(40);
  world.isReady = true;
  await clock.advance(20_000);
  expect(world.plugged.length).toBe(told + 3);
  await stop();
});

test("a port is told within a second of its coming, one that is ready at once within half of that", async () => {
  const { clock, world, stop } = watching([], String);
  world.ports = ["a", "now"];
  await clock.advance(500);
  expect(world.plugged).toEqual(["now"]);
  await clock.advance(500);
  expect(world.plugged).toContain("a");
  await stop();
});

test("a port that is gone by the next look is not told", async () => {
  const { clock, world, stop } = watching([], String);
  world.ports = ["a.new"];
  await clock.advance(500);
  world.ports = ["a"];
  await clock.advance(10_000);
  expect(new Set(world.plugged)).toEqual(new Set(["a"]));
  await stop();
});

test("a list that fails for a while is not the end", async () => {
  const { clock, world, stop } = watching([]);
  world.fails = true;
  await clock.advance(5_000);
  world.fails = false;
  world.ports = ["a"];
  await clock.advance(3_000);
  expect(world.plugged).toContain("a");
  await stop();
});

test("where a fingerprint tells of changes, the ports are listed only after one, until the device file is there", async () => {
  let print = "ttyS0";
  const { clock, world, stop } = watching(["a"], () => print);
  await clock.advance(60_000);
  expect(world.lists).toBe(0);
  print = "ttyS0 ttyACM0";
  await clock.advance(2_000);
  world.ports = ["a", "ttyACM0"];
  await clock.advance(60_000);
  expect(world.plugged).toEqual(["ttyACM0", "ttyACM0", "ttyACM0"]);
  expect(world.lists).toBe(10);
  await stop();
});

test("where there is no fingerprint, the list is made about once a second", async () => {
  const { clock, world, stop } = watching(["a"]);
  await clock.advance(60_000);
  expect(world.lists).toBe(50);
  await stop();
});
