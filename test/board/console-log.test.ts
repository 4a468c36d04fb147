import { expect, test } from "vitest";
import { ConsoleLog } from "../../src/board/console-log.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { ManualClock } from "../support/manual-clock.ts";

function logged() {
  const clock = new ManualClock();
  const told: string[] = [];
  const log = new ConsoleLog(clock, (line) => told.push(line));
  const print = (text: string, source: Parameters<ConsoleLog["push"]>[1] = "board") =>
    log.push(bytesOf(text), source);
  const texts = () => log.page({ limit: 1000 }).lines.map(({ text }) => text);
  return { clock, log, told, print, texts };
}

test("lines are numbered, timed, told, and given in pages", () => {
  const { clock, log, print, told } = logged();
  const at = new Date(clock.nowMs()).toISOString();
  print("one\r\ntwo\r\nthree\r\n");
  expect(told).toEqual(["one", "two", "three"]);
  expect(log.page({ limit: 2 })).toEqual({
    lines: [
      { number: 2, at, text: "two" },
      { number: 3, at, text: "three" },
    ],
    next: 3,
    dropped: 0,
  });
  expect(log.page({ after: 0, limit: 2 })).toMatchObject({ lines: [{ number: 1 }, { number: 2 }], next: 2 });
  expect(log.page({ after: 2, limit: 2 })).toMatchObject({ lines: [{ number: 3 }], next: 3 });
  expect(log.page({ after: 3, limit: 2 })).toEqual({ lines: [], next: 3, dropped: 0 });
});

test("a number from before a restart of the daemon begins anew", () => {
  const { log, print } = logged();
  expect(log.page({ after: 5000, limit: 2 })).toEqual({ lines: [], next: 0, dropped: 0 });
  print("one\n");
  expect(log.page({ after: 5000, limit: 2 })).toMatchObject({ lines: [{ number: 1 }], next: 1 });
});

test("the oldest lines make room, beyond 1000 and beyond 64 KiB, and are counted", () => {
  const many = logged();
  for (let count = 1; count <= 2500; count++) many.print(`line ${count}\n`);
  const page = many.log.page({ after: 3, limit: 1000 });
  expect([page.lines.length, page.lines[0], page.dropped, page.next]).toEqual([
    1000,
    expect.objectContaining({ number: 1501, text: "line 1501" }),
    1500,
    2500,
  ]);
  const long = logged();
  for (let count = 0; count < 300; count++) long.print(`${"x".repeat(511)}\n`);
  expect(long.log.page({ limit: 1000 }).lines.length).toBe(Math.floor(65_536 / 511));
  expect(long.log.page({ limit: 1000 }).dropped).toBe(300 - 128);
});

test("a line without an end shows after a second, and its end makes no other one", async () => {
  const { clock, print, texts } = logged();
  print("name");
  await clock.advance(600);
  print("? ");
  await clock.advance(399);
  expect(texts()).toEqual([]);
  await clock.advance(1);
  expect(texts()).toEqual(["name?"]);
  print("\r\n");
  await clock.advance(5_000);
  expect(texts()).toEqual(["name?"]);
  expect(clock.pending).toBe(0);
});

test("the timer waits for the line that is open now", async () => {
  const { clock, print, texts } = logged();
  print("one");
  await clock.advance(900);
  print("\ntwo");
  await clock.advance(500);
  expect(texts()).toEqual(["one"]);
  await clock.advance(500);
  expect(texts()).toEqual(["one", "two"]);
});

test("who had the board parts lines, and the end of a connection leaves no timer", () => {
  const { clock, log, print, texts } = logged();
  print("tick 7");
  print('Traceback (most recent call last):\r\n  File "main.py", line 7\r\nKeyboardInterrupt: \r\n', "repl");
  print("tick 8");
  log.end();
  expect(texts()).toEqual(["tick 7", "tick 8"]);
  expect(clock.pending).toBe(0);
});
