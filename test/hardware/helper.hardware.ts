import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installHelper } from "../../src/app/install-helper.ts";
import { framesIn, labelOf, usedBytes } from "../firmware-helpers/frames.ts";
import { helperSource } from "../firmware-helpers/python.ts";
import { connected } from "./connection.ts";
import { type MicroBit, microBitMissing, startMicroBitOverTcp } from "./micro-bit.ts";

const { REQUIRE_QEMU } = process.env;
const missing = microBitMissing();
if (missing !== null && REQUIRE_QEMU === "1") {
  test("a micro:bit is here", () => expect.fail(`REQUIRE_QEMU=1, but ${missing}`));
}

/** The full helper does not fit its heap of 10 048 bytes as source. Comments would only take room on the wire. */
const source = helperSource("heapscope_tiny").replace(/^\s*#.*\n| {2}#.*$/gm, "");

describe.skipIf(missing !== null)("the small helper on MicroPython 1.9.2, micro:bit in QEMU", () => {
  let board: MicroBit;
  beforeAll(async () => {
    board = await startMicroBitOverTcp();
  });
  afterAll(async () => {
    await board?.stop();
  });

  test("report() prints frames that are whole, with maps, collections and labels", async () => {
    await connected(board.url, async ({ run }) => {
      expect(await run(source)).toBe("");
      const frames = framesIn(
        `${await run("report()")}${await run("report(map=True, collect=True, label='after wifi')")}`,
      );
      expect(frames.map(({ number, keys }) => [number, keys["phase"]])).toEqual([
        [1, "on-demand"],
        [2, "before-collect"],
        [3, "after-collect"],
      ]);
      for (const { record } of frames) expect(record?.heap.totalBytes).toBe(10_048);
      expect(frames[2]?.record?.map).not.toBeNull();
      expect(labelOf(frames[2])).toBe("after wifi");
      expect(Number(frames[2]?.keys["pause_us"])).toBeGreaterThan(0);
      expect(usedBytes(frames[2])).toBeLessThan(usedBytes(frames[1]));
    });
  });

  test("what a report leaves is collected, and a kept kilobyte is seen", async () => {
    await connected(board.url, async ({ run }) => {
      const text = await run(
        "report(collect=True)\nreport(collect=True)\nreport(collect=True)\nkept = bytearray(1000)\nreport(collect=True)\n",
      );
      const settled = framesIn(text).filter(({ keys }) => keys["phase"] === "after-collect");
      expect(settled).toHaveLength(4);
      expect(usedBytes(settled[2])).toBe(usedBytes(settled[1]));
      expect(usedBytes(settled[3]) - usedBytes(settled[2])).toBeGreaterThanOrEqual(1_000);
      expect(usedBytes(settled[3]) - usedBytes(settled[2])).toBeLessThan(1_100);
    });
  });

  test("has no start(): there is no timer", async () => {
    await connected(board.url, async ({ run }) => {
      expect(await run("print('start' in globals())")).toBe("False\r\n");
    });
  });

  test("its file system has no names to change: installing is refused, clearly", async () => {
    const options = { module: "heapscope_tiny", compiled: false, force: false, interrupt: false } as const;
    await expect(
      installHelper({ port: board.url, ...options }, new AbortController().signal),
    ).rejects.toMatchObject({ code: "board-files-missing", message: expect.stringContaining("micro:bit") });
    await expect(
      installHelper({ port: board.url, ...options, compiled: true }, new AbortController().signal),
    ).rejects.toMatchObject({ code: "mpy-not-importable" });
  });
});
