import { pino } from "pino";
import { expect, test } from "vitest";
import type { AttachedPort } from "../../src/app/list-attached.ts";
import { watchPorts } from "../../src/app/watch-ports.ts";
import { ManualClock } from "../support/manual-clock.ts";

function port(path: string, serialNumber: string | null = null): AttachedPort {
  const ids = { vendorId: "2e8a", productId: "0005", serialNumber, manufacturer: null, product: null };
  return { path, ...ids, kind: "micropython", name: "RP2", attach: true, reason: "" };
}

function watching(known: readonly AttachedPort[], fingerprint: () => string | null = () => null) {
  const clock = new ManualClock();
  const world = { ports: known, fails: false, plugged: [] as string[], lists: 0 };
  const stop = watchPorts(known, {
    clock,
    log: pino({ level: "silent" }),
    fingerprint,
    list: async () => {
      world.lists++;
      if (world.fails) throw new Error("no /sys");
      return world.ports;
    },
    onPlugged: ({ path }) => world.plugged.push(path),
  });
  return { clock, world, stop };
}

test("a port that was not there a moment ago is told once", async () => {
  const { clock, world, stop } = watching([port("/dev/a")]);
  world.ports = [port("/dev/a"), port("/dev/b")];
  await clock.advance(10_000);
  expect(world.plugged).toEqual(["/dev/b"]);
  await stop();
  expect(clock.pending).toBe(0);
});

test("a port that went and came back, or became another device, is told again", async () => {
  const { clock, world, stop } = watching([port("/dev/a", "1")]);
  world.ports = [];
  await clock.advance(2_000);
  world.ports = [port("/dev/a", "1")];
  await clock.advance(2_000);
  world.ports = [port("/dev/a", "2")];
  await clock.advance(2_000);
  expect(world.plugged).toEqual(["/dev/a", "/dev/a"]);
  await stop();
});

test("a list that fails for a while is not the end", async () => {
  const { clock, world, stop } = watching([]);
  world.fails = true;
  await clock.advance(5_000);
  world.fails = false;
  world.ports = [port("/dev/a")];
  await clock.advance(2_000);
  expect(world.plugged).toEqual(["/dev/a"]);
  await stop();
});

test("where a fingerprint tells of changes, the ports are listed only after one, until the device file is there", async () => {
  let print = "ttyS0";
  const { clock, world, stop } = watching([port("/dev/a")], () => print);
  await clock.advance(60_000);
  expect(world.lists).toBe(0);
  print = "ttyS0 ttyACM0";
  await clock.advance(2_000);
  world.ports = [port("/dev/a"), port("/dev/ttyACM0")];
  await clock.advance(60_000);
  expect(world.plugged).toEqual(["/dev/ttyACM0"]);
  expect(world.lists).toBe(5);
  await stop();
});
