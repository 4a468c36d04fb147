import { expect, test } from "vitest";
import { Probe } from "../../src/board/probe.ts";
import { Session } from "../../src/board/session.ts";
import { bytesOf, utf8Text } from "../../src/shared/bytes.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { basicDump, firmware, mapDump, raised } from "../support/fake-firmware.ts";
import { cutAfter, fakePort, straight } from "../support/fake-port.ts";
import { ManualClock } from "../support/manual-clock.ts";

function probed(change: Parameters<typeof firmware>[0] = {}) {
  const program = firmware(change);
  const board = new FakeBoard({ paste: "yes", run: program.run });
  const port = fakePort(board);
  const clock = new ManualClock();
  const session = new Session(port, { clock });
  return { program, board, port, clock, session, probe: new Probe(session, "serial:/dev/fake0") };
}

test("identify tells platform, firmware, machine and unique id", async () => {
  const { probe } = probed();
  expect(await probe.identify()).toEqual({
    platform: "pyboard",
    firmware: "MicroPython v1.20.0 on 2023-04-26",
    machine: "Fake with STM32F405",
    uniqueId: "e6614103e7452d2f",
    hasMemInfo: true,
  });
});

test("a board without unique_id has none, which is no error", async () => {
  const { probe } = probed({ uniqueId: null });
  expect((await probe.identify()).uniqueId).toBeNull();
});

test("a map reading brings figures, map and the dump as printed", async () => {
  const { probe } = probed();
  const { figures, dump } = await probe.read({ map: true });
  expect(figures.heap).toMatchObject({ totalBytes: 173056, usedBytes: 2880, freeBytes: 170176 });
  expect(figures.map).toMatchObject({ verified: true, areas: [{ base: "20001bf0", blocks: 10816 }] });
  expect(utf8Text(dump!)).toBe(mapDump);
});

test("a basic reading knows its largest free bytes once a map has told the block size", async () => {
  const { probe } = probed();
  await probe.read({ map: true });
  const { figures, dump } = await probe.read({ map: false });
  expect(figures).toMatchObject({
    map: null,
    largestFreeBytes: 10625 * 16,
    blocks: { sizeBytes: 16, total: 10816 },
  });
  expect(dump).toBeNull();
});

test("what the heap can grow by is unknown where the two answers of a reading differ in it", async () => {
  const growing = (bytes: number) => basicDump.replace(/(free: \d+)/, `$1, max new split: ${bytes}`);
  const { probe, program } = probed();
  program.nextReads.push(
    { stdout: growing(65_536) + growing(65_536) },
    { stdout: growing(65_536) + growing(6_536) },
  );
  expect((await probe.read({ map: false })).figures.heap.growableBytes).toBe(65_536);
  expect((await probe.read({ map: false })).figures.heap.growableBytes).toBeNull();
});

test("without mem_info the totals come from gc", async () => {
  const { probe } = probed({ hasMemInfo: false });
  const { figures } = await probe.read({ map: true });
  expect(figures.heap).toEqual({
    totalBytes: 173056,
    usedBytes: 2880,
    freeBytes: 170176,
    growableBytes: null,
  });
  expect(figures).toMatchObject({ map: null, fragmentation: null, largestFreeBytes: null });
});

test.each([
  ["time", 1.234],
  ["utime", 2.345],
  [null, null],
] as const)("with the clock in %s the pause is %s ms", async (clock, pauseMs) => {
  const { probe } = probed({ clock });
  expect(await probe.collect()).toBe(pauseMs);
});

test("a dump that lost a map line is damaged", async () => {
  const { probe, program } = probed();
  const lines = mapDump.split("\r\n");
  program.nextReads.push({ stdout: [...lines.slice(0, 5), ...lines.slice(6)].join("\r\n") });
  await expect(probe.read({ map: true })).rejects.toMatchObject({ code: "dump-damaged" });
});

test("a map reading whose stack was damaged on the way is damaged, though its map adds up", async () => {
  const { probe, program } = probed();
  const wrong = mapDump.replace(/^stack: (\d)/, "stack: $1$1");
  program.nextReads.push({ stdout: basicDump + wrong });
  await expect(probe.read({ map: true })).rejects.toMatchObject({ code: "dump-damaged" });
});

test("an answer without a dump is damaged", async () => {
  const { probe, program } = probed();
  program.nextReads.push({ stdout: "hello\r\n" }, { stdout: basicDump + basicDump });
  await expect(probe.read({ map: false })).rejects.toMatchObject({ code: "dump-damaged" });
  await expect(probe.read({ map: true })).rejects.toThrow("no map");
});

test("a program that arrived changed is told from one that failed", async () => {
  const { probe, program } = probed();
  program.nextReads.push(
    raised("SyntaxError: invalid syntax"),
    raised("NameError: name '__impor_' isn't defined"),
  );
  await expect(probe.read({ map: false })).rejects.toMatchObject({ code: "program-garbled" });
  await expect(probe.read({ map: false })).rejects.toThrow("__impor_");
});

test("a MemoryError in the probe means the heap is exhausted, other exceptions are named", async () => {
  const { probe, program } = probed();
  program.nextReads.push(
    raised("MemoryError: memory allocation failed, allocating 512 bytes"),
    raised("OSError: 5"),
  );
  await expect(probe.read({ map: false })).rejects.toMatchObject({ code: "heap-exhausted" });
  await expect(probe.read({ map: false })).rejects.toThrow("OSError: 5");
});

test("what a map may take is learnt from the one before", async () => {
  const { probe, port, clock } = probed();
  await probe.read({ map: true });
  let outcome: unknown = null;
  // The board restarts in mid-map, into a program that prints.
  port.wire = cutAfter(500);
  void probe.read({ map: true }).catch((error: unknown) => {
    outcome = error;
  });
  await clock.advance(0);
  port.wire = straight;
  for (let seconds = 0; seconds < 7; seconds++) {
    port.print(bytesOf("beat\r\n"));
    await clock.advance(1_000);
  }
  expect(outcome).toMatchObject({ code: "answer-late" });
});
