import { expect, test } from "vitest";
import { appFolder } from "../support/apps/app-folder.ts";
import type { SerialClient } from "../support/serial-client.ts";
import {
  boardOnCable,
  interrupted,
  numberOf,
  pause,
  printed,
  rawBanner,
  running,
  runRaw,
} from "./board-on-cable.ts";

test("blocking-loop keeps the REPL to itself, silently, until Ctrl-C", async () => {
  const client = await running("blocking-loop");
  await client.write("\r\x01");
  await pause(300);
  expect(client.received()).toBe("");
  expect(await client.ask("\x03", rawBanner)).toMatch(/main\.py.*\r\nKeyboardInterrupt: \r\nMicroPython/s);
  expect(await numberOf(client, "count")).toBeGreaterThan(0);
});

test("printing-loop prints until Ctrl-C", async () => {
  const client = await running("printing-loop");
  await client.waitFor("count 3\r\n");
  expect(await interrupted(client)).toContain("KeyboardInterrupt");
  expect(await numberOf(client, "count")).toBeGreaterThanOrEqual(3);
});

test("main-counts-boots says boot and main at each start; main.py is left out after a raw soft reset", async () => {
  const { board, client } = await boardOnCable({ filesDir: appFolder("main-counts-boots") });
  expect(await client.waitFor("main\r\n")).toBe("boot\r\nmain\r\n");
  await client.ask("\x03", ">>> ");
  expect(await client.ask("\x04", "main\r\n")).toBe("\r\nMPY: soft reboot\r\nboot\r\nmain\r\n");
  await interrupted(client);
  expect(await client.ask("\x04", rawBanner)).toBe(`OK\r\nMPY: soft reboot\r\nboot\r\n${rawBanner}`);
  await board.reset();
  expect(await client.waitFor("main\r\n")).toBe("boot\r\nmain\r\n");
});

test("watchdog resets the board two seconds after it was interrupted", async () => {
  const client = await running("watchdog");
  await client.waitFor("watchdog starts\r\n");
  await interrupted(client);
  expect(await numberOf(client, "fed")).toBeGreaterThan(0);
  expect(await client.waitFor("watchdog starts\r\n")).toBe("watchdog starts\r\n");
});

test("input-app takes what is typed at it for answers, Ctrl-A for an empty one", async () => {
  const client = await running("input-app");
  await client.waitFor("name? ");
  expect(await client.ask("\r\x01", "name? name? ")).toBe("\r\nname? name? ");
  expect(await client.ask("ann\r", "name? ")).toBe("ann\r\nname? ");
  await client.ask("\x04", "name? ");
  await interrupted(client);
  expect(await printed(client, "answers, empty, ends")).toBe("['', '', 'ann'] 2 1");
});

/** Lets the loop go on and interrupts it while it waits, until the global `name` is as large as `least`. */
async function resumeUntil(client: SerialClient, name: string, least: number): Promise<void> {
  for (let turns = 1; (await numberOf(client, name)) < least; turns++) {
    expect(turns, `${name} does not grow`).toBeLessThan(30);
    await client.ask("asyncio.get_event_loop().run_forever()\x04", "OK");
    await pause(120);
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt");
  }
}

test("asyncio-counter blocks like a board's; its tasks survive Ctrl-C and go on with run_forever()", async () => {
  const client = await running("asyncio-counter");
  await client.write("\r");
  await pause(400);
  expect(client.received()).toBe("");
  expect(await interrupted(client)).toMatch(/asyncio\/core\.py.*KeyboardInterrupt: \r\nMicroPython/s);
  const before = await numberOf(client, "count");
  expect(await printed(client, "'asyncio' in __import__('sys').modules")).toBe("True");
  expect(await printed(client, "asyncio.core._task_queue.peek() is None, asyncio.core._io_queue.map")).toBe(
    "False {}",
  );
  await pause(200);
  expect(await numberOf(client, "count")).toBe(before);

  await resumeUntil(client, "count", before + 4);
  await resumeUntil(client, "slow", (await numberOf(client, "slow")) + 1);
});

test("asyncio-counter: Ctrl-C in a task's step ends that task alone", async () => {
  const client = await running("asyncio-counter");
  await interrupted(client);
  const program = `async def busy():
 import time
 while True: time.sleep(100)
t = asyncio.create_task(busy())
print('made')
asyncio.get_event_loop().run_forever()`;
  await client.ask(`${program}\x04`, "OKmade\r\n");
  await pause(100);
  expect(await client.ask("\x03", "\x04>")).toMatch(/in busy\r\nKeyboardInterrupt/);
  const before = await numberOf(client, "count");
  await resumeUntil(client, "count", before + 4);
});

test("asyncio-counter: tasks can be awaited and cancelled, errors are told, new_event_loop() forgets", async () => {
  const client = await running("asyncio-counter");
  await interrupted(client);
  const program = `asyncio.new_event_loop()
print(asyncio.core._task_queue.peek())
async def answer(): return 42
async def wrong(): 1/0
async def never(): await asyncio.sleep(1000)
async def outer():
 print(await asyncio.create_task(answer()))
 try: await asyncio.create_task(wrong())
 except ZeroDivisionError: print('caught')
 t = asyncio.create_task(never())
 await asyncio.sleep_ms(1)
 t.cancel()
 try: await t
 except asyncio.CancelledError: print('cancelled')
 asyncio.create_task(wrong())
 await asyncio.sleep_ms(1)
 return 'end'
print(asyncio.run(outer()))
`;
  const [output, traceback] = await runRaw(client, program);
  expect(traceback).toBe("");
  expect(output).toMatch(
    /^None\r\n42\r\ncaught\r\ncancelled\r\nTask exception.*ZeroDivisionError: .*\r\nend\r\n$/s,
  );
});

test("nearly-full leaves no room for any program; a soft reset in raw mode does", async () => {
  const client = await running("nearly-full");
  await client.waitFor(">>> ");
  await pause(150);
  await client.ask("\x01", rawBanner);
  for (const program of ["__import__('micropython').mem_info()", "pass", `pass${" ".repeat(400)}`]) {
    expect(await runRaw(client, program)).toEqual(["", expect.stringMatching(/^MemoryError: .*\r\n$/)]);
  }
  await client.ask("\x05A\x01", "R\x01\x80\x00\x01");
  expect(await client.ask("pass\x04", "\x04>")).toContain("\x04MemoryError: ");
  await client.ask("\x04", rawBanner);
  expect(await printed(client, "1")).toBe("1");
});

test("reboot-loop starts again and again", async () => {
  const client = await running("reboot-loop");
  for (let starts = 1; starts <= 2; starts++) {
    expect(await client.waitFor("starts\r\n")).toMatch(/rst:0xc .*reboot-loop starts\r\n$/s);
  }
});

test("timer-printer prints between answers", async () => {
  const client = await running("timer-printer");
  await client.waitFor("timer line 2\r\n");
  await client.ask("\x01", rawBanner);
  await client.waitFor(/* after the prompt */ "timer line");
  expect(await client.ask("print(lines > 2)\x04", "\x04>")).toContain("OKTrue\r\n\x04\x04>");
  await client.waitFor("timer line");
});

test("ps1 has its own prompt, and faults still know where an exchange ends", async () => {
  const { board, client } = await boardOnCable({ filesDir: appFolder("ps1") });
  expect(await client.waitFor("mpy> ")).toMatch(/^MicroPython/);
  await board.setFaults([{ kind: "drop", at: 0, each: true }]);
  expect(await client.ask("1+1\r", "mpy> ")).toBe("+1\r\n2\r\nmpy> ");
  expect(await client.ask("2+2\r", "mpy> ")).toBe("+2\r\n4\r\nmpy> ");
  await board.setFaults([]);
  await client.ask("\x01", rawBanner);
  expect(await client.ask("\x02", "mpy> ")).toMatch(/^\r\nMicroPython/);
});
