import { describe, expect, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { boardOnCable, rawBanner, runRaw } from "./board-on-cable.ts";

/** The bundled release has all other tests; test/hardware runs on all of them. */
const releases = ["micropython-1.23", "micropython-1.24", "micropython-1.25", "micropython-1.26"] as const;

describe.each(releases)("%s", (interpreter) => {
  test("stands in for the bundled one", async () => {
    const { client } = await boardOnCable({ app: null, interpreter });
    expect(await client.waitFor(">>> ")).toContain(
      `MicroPython v${interpreter.slice("micropython-".length)}.`,
    );
    await client.ask("\x01", rawBanner);

    await client.ask("import time\ntime.sleep(1000)\x04", "OK");
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt");

    await client.ask("\x05A\x01", "R\x01\x80\x00\x01");
    expect(await client.ask("print(6 * 7)\x04", "\x04>")).toBe("\x0442\r\n\x04\x04>");

    expect((await runRaw(client, "a = bytearray(100000)"))[1]).toContain("MemoryError");
    expect(await runRaw(client, "import gc\nprint(gc.mem_alloc() < 64000)")).toEqual(["True\r\n", ""]);
    expect(await runRaw(client, "import os\nprint(sorted(os.listdir('/')))")).toEqual([
      "['dev', 'proc']\r\n",
      "",
    ]);
    expect(await client.ask("\x04", rawBanner)).toBe(`OK\r\nMPY: soft reboot\r\n${rawBanner}`);
  });
});

test("an interpreter that is not installed is told in plain words", async () => {
  await expect(startEmulatedBoard({ interpreter: "micropython-0.1" })).rejects.toMatchObject({
    code: "emulator-failed",
    message: expect.stringContaining('"micropython-0.1" is not installed'),
  });
});
