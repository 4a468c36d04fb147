import { expect, test } from "vitest";
import { appFolder } from "../support/apps/app-folder.ts";
import { boardOnCable, numberOf, pause, rawBanner, running, runRaw } from "./board-on-cable.ts";

const prompt = "\r\n--> ";

test("answers at its prompt while the application runs", async () => {
  const client = await running("aiorepl-app");
  expect(await client.waitFor("--> ")).toBe("Starting asyncio REPL...\r\n--> ");
  expect(await client.ask("\r", prompt)).toBe(prompt);
  await pause(25);
  expect(await client.ask("6*7\r\n", prompt)).toBe("6*7\r\n42\r\n--> ");
  await pause(25);
  expect(await client.ask("1/0\r", prompt)).toBe("1/0\r\nZeroDivisionError: divide by zero\r\n--> ");
  expect(await client.ask("x\x03", prompt)).toBe("x\r\n--> ");
  const first = Number((await client.ask("count\r", prompt)).split("\r\n")[1]);
  const count = async (): Promise<number> => Number((await client.ask("count\r", prompt)).split("\r\n")[1]);
  await expect.poll(count, { interval: 100, timeout: 10_000 }).toBeGreaterThan(first + 3);
});

test("raw mode stands the application still; leaving it lets it run on", async () => {
  const client = await running("aiorepl-app");
  await client.waitFor("--> ");
  expect(await client.ask("\x01", ">")).toBe(rawBanner);
  const before = await numberOf(client, "count");
  await pause(200);
  expect(await numberOf(client, "count")).toBe(before);
  expect(await client.ask("\x02", prompt)).toBe(prompt);
  await pause(300);
  await client.ask("\x01", rawBanner);
  expect(await numberOf(client, "count")).toBeGreaterThan(before);
  expect(await runRaw(client, "'aiorepl' in __import__('sys').modules or 1/0")).toEqual(["", ""]);
});

test("raw mode: an exception comes after the program's text, an empty program resets nothing, Ctrl-A begins anew", async () => {
  const client = await running("aiorepl-app");
  await client.waitFor("--> ");
  await client.ask("\x01", rawBanner);
  const [output, traceback] = await runRaw(client, "1/0");
  expect(output).toBe("1/0\r\n");
  expect(traceback).toMatch(/^Traceback.*\r\nZeroDivisionError: divide by zero\r\n$/s);
  expect(await client.ask("\x04", "\x04>")).toBe(
    `OKIgnored: soft reboot\r\n${rawBanner.slice(0, -1)}\x04\x04>`,
  );
  expect(await client.ask("rubbish\x01", ">")).toBe(rawBanner);
  expect(await runRaw(client, "rubbish\x03print(1)")).toEqual(["1\r\n", ""]);
});

test("raw-paste has a window of 512 bytes; Ctrl-C in it ends the whole application", async () => {
  const client = await running("aiorepl-app");
  await client.waitFor("--> ");
  await client.ask("\x01", rawBanner);
  expect(await client.ask("\x05A\x01", "R\x01\x00\x02\x01")).toBe("R\x01\x00\x02\x01");
  expect(await client.ask(`#${"x".repeat(511)}`, "\x01")).toBe("\x01");
  expect(await client.ask("\nprint(5)\x04", "\x04>")).toBe("\x045\r\n\x04\x04>");
  await client.ask("\x05A\x01", "R\x01\x00\x02\x01");
  expect(await client.ask("x\x03", ">>> ")).toContain("KeyboardInterrupt");
});

test("Ctrl-D at the prompt ends the application", async () => {
  const client = await running("aiorepl-app");
  await client.waitFor("--> ");
  expect(await client.ask("\x04", ">>> ")).toMatch(/^\r\nMicroPython/);
});

test("faults know its prompts for the ends of exchanges", async () => {
  const { board, client } = await boardOnCable({ filesDir: appFolder("aiorepl-app") });
  await client.waitFor("--> ");
  await board.setFaults([{ kind: "drop", at: 0, each: true }]);
  expect(await client.ask("\x01", ">")).toBe(rawBanner.slice(1));
  expect(await client.ask("print(1)\x04", "\x04>")).toBe("K1\r\n\x04\x04>");
  expect(await client.ask("print(2)\x04", "\x04>")).toBe("K2\r\n\x04\x04>");
});
