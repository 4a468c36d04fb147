import { expect, test } from "vitest";
import { boardOnCable, rawBanner, runRaw } from "./board-on-cable.ts";

test("a watchdog that is fed bites nobody; unfed it resets the board under a sleeping program", async () => {
  const { client } = await boardOnCable();
  await client.ask("\r\x01", rawBanner);
  const fed =
    "import machine, time\nw = machine.WDT(timeout=300)\nfor i in range(5): time.sleep_ms(100); w.feed()\nprint(i)";
  expect(await runRaw(client, fed)).toEqual(["4\r\n", ""]);
  await client.ask("time.sleep(100)\x04", "OK");
  expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
});

test("it bites while a program prints, and while the REPL is idle", async () => {
  const { client } = await boardOnCable();
  await client.ask("\r\x01", rawBanner);
  await client.ask("import machine\nmachine.WDT(0, 200)\nwhile True: print('on')\x04", "OK");
  await client.waitFor(">>> ");
  await client.ask("\x01", rawBanner);
  await runRaw(client, "import machine\nw = machine.WDT(id=0, timeout=200)");
  expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
});

test("a soft reset does not stop it, a hard reset does", async () => {
  const { board, client } = await boardOnCable();
  await client.ask("\r\x01", rawBanner);
  await runRaw(client, "import machine\nw = machine.WDT(timeout=600)");
  await client.ask("\x04", rawBanner);
  expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
  await client.ask("\x01", rawBanner);
  await runRaw(client, "import machine\nw = machine.WDT(timeout=300)");
  await board.reset();
  await client.waitFor(">>> ");
  await client.ask("import time; time.sleep_ms(500); print(9)\r", "9\r\n>>> ");
});

test("it bites, and machine.reset() resets, also in a task that runs while the REPL waits", async () => {
  const { client } = await boardOnCable();
  await client.ask("\r\x01", rawBanner);
  const inTask = (step: string): string => `import asyncio, machine, time
async def task():
 await asyncio.sleep_ms(20)
 ${step}
t = asyncio.create_task(task())`;
  await runRaw(client, inTask("machine.reset()"));
  expect(await client.waitFor(">>> ")).toContain("MicroPython");
  await client.ask("\x01", rawBanner);
  await runRaw(client, `${inTask("time.sleep(100)")}\nw = machine.WDT(timeout=200)`);
  expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
});
