import { expect, test } from "vitest";
import { type ReadOnceOptions, readOnce } from "../../src/app/read-once.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { firmware, mapDump } from "../support/fake-firmware.ts";
import { fakePort } from "../support/fake-port.ts";
import { ManualClock } from "../support/manual-clock.ts";

const never = new AbortController().signal;

function fakeRead(options: Partial<ReadOnceOptions> = {}, change: Parameters<typeof firmware>[0] = {}) {
  const program = firmware(change);
  const board = new FakeBoard({ paste: "yes", run: program.run });
  const port = fakePort(board);
  const opened: string[] = [];
  const result = (signal: AbortSignal = never) =>
    readOnce({ port: "/dev/fake0", map: false, collect: false, ...options }, signal, {
      clock: new ManualClock(),
      openPort: async (url) => {
        opened.push(url);
        return port;
      },
    });
  return { board, port, opened, result };
}

test("one reading has the board's unique id, and leaves prompt and port as they were", async () => {
  const { board, port, opened, result } = fakeRead();
  const { reading, facts, map, collected } = await result();
  expect(reading).toMatchObject({
    id: null,
    boardId: "e6614103e7452d2f",
    at: "2026-11-22T17:00:00.000Z",
    source: "repl",
    phase: "on-demand",
    durationMs: 0,
    heap: { totalBytes: 173056 },
    map: null,
  });
  expect(reading.wireBytes).toBeGreaterThan(100);
  expect(facts.firmware).toBe("MicroPython v1.20.0 on 2023-04-26");
  expect([map, collected]).toEqual([null, null]);
  expect(opened).toEqual(["serial:/dev/fake0"]);
  expect(board.mode).toBe("friendly");
  expect(port.isOpen).toBe(false);
});

test("without a unique id the port's path names the board", async () => {
  const { reading } = await fakeRead({}, { uniqueId: null }).result();
  expect(reading.boardId).toBe("/dev/fake0");
});

test("with a map the blocks come along", async () => {
  const { reading, map } = await fakeRead({ map: true }).result();
  expect(reading.map?.verified).toBe(true);
  expect(map?.blockCount).toBe(10816);
});

test("a collection is framed by its readings and has no ids", async () => {
  const { reading, collected } = await fakeRead({ collect: true, map: true }).result();
  expect(collected?.before.phase).toBe("before-collect");
  expect(reading.phase).toBe("after-collect");
  expect(collected?.collection).toEqual({
    id: null,
    boardId: "e6614103e7452d2f",
    at: "2026-11-22T17:00:00.000Z",
    beforeId: null,
    afterId: null,
    reclaimedBytes: 0,
    largestFreeGainBytes: 0,
    fragmentationBefore: reading.fragmentation,
    fragmentationAfter: reading.fragmentation,
    pauseMs: 1.234,
  });
});

test("a damaged answer is asked for once more, a second one is the end", async () => {
  const damaged = { stdout: mapDump.replace("00000000", "00000400") };
  const once = fakeRead({ map: true }, { nextReads: [damaged] });
  expect((await once.result()).reading.map?.verified).toBe(true);
  const twice = fakeRead({ map: true }, { nextReads: [damaged, damaged] });
  await expect(twice.result()).rejects.toMatchObject({ code: "dump-damaged" });
  expect(twice.board.mode).toBe("friendly");
  expect(twice.port.isOpen).toBe(false);
});

test("an abort in mid-exchange ends with its own reason, and the port is closed", async () => {
  const { port, result } = fakeRead();
  const stop = new AbortController();
  const reason = new Error("interrupted");
  port.wire = () => {
    stop.abort(reason);
    return [];
  };
  await expect(result(stop.signal)).rejects.toBe(reason);
  expect(port.isOpen).toBe(false);
});

test("a port that cannot be opened says why", async () => {
  const error = heapscopeError("port-busy", { port: "serial:/dev/fake0" });
  const reading = readOnce({ port: "/dev/fake0", map: false, collect: false }, never, {
    clock: new ManualClock(),
    openPort: () => Promise.reject(error),
  });
  await expect(reading).rejects.toBe(error);
});
