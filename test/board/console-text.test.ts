import { describe, expect, test } from "vitest";
import { type ConsoleSource, ReplWords, shownText } from "../../src/board/console-text.ts";

test.each([
  ["plain\ttext  ", "plain\ttext"],
  ["\u001b[31mred\u001b[0m \u001b]0;title\u0007done", "red done"],
  ["\u001b[2K\u001b[1;1Htop \u001b(Bx", "top x"],
  ["prinx\b\u001b[Kt(1)", "print(1)"],
  ["abc\b\b\bx", "x"],
  ["\bx", "␈x"],
  ["bell\u0007 \u0000 \u007f 50 %\r60 %", "bell␇ ␀ ␡ 50 %␍60 %"],
  ["\u0001\u0004answer\u0001", "answer"],
  ["\u0085\u009b", "��"],
  ["naïve 🐍", "naïve 🐍"],
])("%j is shown as %j", (printed, shown) => {
  expect(shownText(printed)).toBe(shown);
});

describe("the REPL's own words", () => {
  const banner = "MicroPython v1.27.0 on 2025-12-10; Raspberry Pi Pico with RP2040";
  const help = 'Type "help()" for more information.';
  const left = (lines: readonly string[], source: ConsoleSource) => {
    const words = new ReplWords();
    return lines.map((line) => words.without(line, source)).filter((line) => line !== "");
  };

  test("where heapscope stops a program and leaves raw mode, only the program's lines stay", () => {
    const lines = [
      "Traceback (most recent call last):",
      '  File "main.py", line 7, in <module>',
      "KeyboardInterrupt: ",
      banner,
      help,
      ">>>",
      ">>> >>>",
      "raw REPL; CTRL-B to exit",
      ">",
      "MPY: soft reboot",
      "saved 3 files",
    ];
    expect(left(lines, "repl")).toEqual(["saved 3 files"]);
  });

  test("what a program or a restart says by itself stays", () => {
    const lines = [
      "Traceback (most recent call last):",
      '  File "main.py", line 7, in <module>',
      "ValueError: no",
      "MPY: soft reboot",
      banner,
      ">",
    ];
    expect(left([...lines, help, ">>>"], "board")).toEqual(lines);
    expect(left([">>> timer line 5", "--> --> one", "raw REPL; CTRL-B to exit", ">two"], "board")).toEqual([
      "timer line 5",
      "one",
      "two",
    ]);
  });

  test("at a person's console what was typed stays behind its prompt", () => {
    expect(left([">>> print(1)", "1", ">>>", "raw REPL; CTRL-B to exit"], "console")).toEqual([
      ">>> print(1)",
      "1",
    ]);
  });
});
