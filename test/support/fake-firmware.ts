import { readFileSync } from "node:fs";
import * as programs from "../../src/board/programs.ts";
import type { FakeResult } from "./fake-board.ts";

const dump = readFileSync(
  new URL("../fixtures/dumps/020-stm32-magic-notebook.txt", import.meta.url),
  "latin1",
);
const crlf = dump.replace(/\r?\n/g, "\r\n");

/** The STM32 capture of the fixtures: 173056 bytes, 2880 used. */
export const mapDump = crlf;
export const basicDump = crlf.slice(0, crlf.indexOf("GC memory layout"));

export interface FakeFirmware {
  uniqueId: string | null;
  hasMemInfo: boolean;
  clock: "time" | "utime" | null;
  /** What the next readings answer, before the normal answer. */
  readonly nextReads: FakeResult[];
  /** What programs answer that are not among heapscope's own; null = unexpected. */
  other: (source: string) => FakeResult | null;
}

/** What a board with this firmware answers to heapscope's own programs. */
export function firmware(
  change: Partial<FakeFirmware> = {},
): FakeFirmware & { run(source: string): FakeResult } {
  const board: FakeFirmware = {
    uniqueId: "e6614103e7452d2f",
    hasMemInfo: true,
    clock: "time",
    nextReads: [],
    other: () => null,
    ...change,
  };
  return Object.assign(board, { run: (source: string) => answer(board, source) });
}

function answer(board: FakeFirmware, source: string): FakeResult {
  switch (source) {
    case programs.IDENTIFY:
      return {
        stdout:
          "pyboard\r\n3.4.0; MicroPython v1.20.0 on 2023-04-26\r\n(name='micropython', version=(1, 20, 0), _machine='Fake with STM32F405')\r\n",
      };
    case programs.UNIQUE_ID:
      return { stdout: `${board.uniqueId ?? ""}\r\n` };
    case programs.HAS_MEM_INFO:
      return { stdout: board.hasMemInfo ? "True\r\n" : "False\r\n" };
    case programs.READ:
      return board.nextReads.shift() ?? { stdout: basicDump + basicDump };
    case programs.READ_MAP:
      return board.nextReads.shift() ?? { stdout: basicDump + mapDump };
    case programs.READ_TOTALS:
      return { stdout: "2880 170176\r\n" };
    case programs.collectTimed("time"):
      return board.clock === "time" ? { stdout: "1234\r\n" } : raised("ImportError: no module named 'time'");
    case programs.collectTimed("utime"):
      return board.clock === "utime"
        ? { stdout: "2345\r\n" }
        : raised("ImportError: no module named 'utime'");
    case programs.COLLECT_UNTIMED:
      return { stdout: "" };
    default: {
      const result = board.other(source);
      if (result) return result;
      throw new Error(`heapscope ran something unexpected: ${source}`);
    }
  }
}

export function raised(error: string): FakeResult {
  return {
    stdout: "",
    traceback: `Traceback (most recent call last):\r\n  File "<stdin>", line 1\r\n${error}\r\n`,
  };
}
