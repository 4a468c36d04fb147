import { expect, test } from "vitest";
import { TracebackFinder } from "../../../src/app/soak/tracebacks.ts";

function errorsIn(text: string): (string | null)[] {
  const finder = new TracebackFinder();
  return text
    .split("\n")
    .map((line) => finder.take(line))
    .filter((error) => error !== null);
}

const traceback = (last: string) =>
  `Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n${last}`;

test("the last line of each traceback is an error", () => {
  expect(
    errorsIn(`on\n${traceback("MemoryError: allocating 8 bytes")}\n${traceback("app.Failed")}\n`),
  ).toEqual(["MemoryError: allocating 8 bytes", "app.Failed"]);
});

test("neither Ctrl-C nor a word about an error is one", () => {
  expect(errorsIn(`${traceback("KeyboardInterrupt:")}\nValueError: is what I catch\n`)).toEqual([]);
  expect(errorsIn(traceback("12 degrees"))).toEqual([]);
});
