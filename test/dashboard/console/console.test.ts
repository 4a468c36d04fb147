import { expect, test } from "vitest";
import type { ConsoleView } from "../../../src/client/views.ts";
import {
  type ConsoleState,
  emptyConsole,
  mostItems,
  withAnswer,
} from "../../../src/dashboard/console/console-items.ts";
import { consoleMarks, consoleRows } from "../../../src/dashboard/console/console-rows.ts";
import { sampleCollection, sampleMap, sampleMissed, sampleReading } from "../../support/samples.ts";
import { sampleMarked } from "../marks/samples.ts";

const startMs = Date.parse("2026-11-27T12:00:00.000Z");
const at = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();

/** Lines of these numbers, each printed at its number's second. */
function answer(numbers: readonly number[], next = numbers.at(-1) ?? 0): ConsoleView {
  const lines = numbers.map((number) => ({ number, at: at(number), text: `line ${number}` }));
  return { boardId: "b", lines, next, dropped: 0 };
}

const shown = ({ items }: ConsoleState): readonly string[] =>
  items.map((item) =>
    item.kind === "line" ? item.text : `${item.kind} ${"count" in item ? item.count : ""}`,
  );

test("answers follow each other, and one without lines changes nothing", () => {
  const one = withAnswer(emptyConsole, answer([1, 2]));
  const two = withAnswer(one, answer([3]));
  expect(shown(two)).toEqual(["line 1", "line 2", "line 3"]);
  expect(two.next).toBe(3);
  expect(withAnswer(two, answer([], 3))).toBe(two);
});

test("lines that the daemon no longer has are said, at the begin and in between", () => {
  const one = withAnswer(emptyConsole, answer([5, 6]));
  expect(shown(withAnswer(one, answer([9])))).toEqual(["lost 4", "line 5", "line 6", "lost 2", "line 9"]);
});

test("numbers that begin anew are a daemon that was restarted", () => {
  const one = withAnswer(emptyConsole, answer([7, 8]));
  const two = withAnswer(one, answer([1, 2]));
  expect(shown(two)).toEqual(["lost 6", "line 7", "line 8", "restart ", "line 1", "line 2"]);
  expect(two.next).toBe(2);
  const silent = withAnswer(one, answer([], 0));
  expect(silent.next).toBe(0);
  expect(shown(withAnswer(silent, answer([1])))).toEqual([
    "lost 6",
    "line 7",
    "line 8",
    "restart ",
    "line 1",
  ]);
});

test("keys stay different, and the page keeps a bounded number of items", () => {
  let state = emptyConsole;
  for (let first = 1; first < 5000; first += 1000)
    state = withAnswer(state, answer(Array.from({ length: 1000 }, (_, more) => first + more)));
  expect(state.items).toHaveLength(mostItems);
  expect(state.left).toBe(3000);
  expect(new Set(state.items.map(({ key }) => key)).size).toBe(mostItems);
  expect(shown(state).at(-1)).toBe("line 5000");
});

const texts = (rows: ReturnType<typeof consoleRows>): readonly string[] =>
  rows.map((row) => (row.kind === "mark" ? row.mark.text : row.kind === "line" ? row.text : row.kind));

test("what heapscope did stands between the lines by its time", () => {
  const { items } = withAnswer(emptyConsole, answer([1, 10, 20]));
  const marks = consoleMarks(
    [
      sampleReading({ at: at(0) }),
      sampleReading({ at: at(5), phase: "before-collect" }),
      sampleReading({ at: at(12) }),
      sampleReading({ at: at(14) }),
      sampleReading({ at: at(16), map: sampleMap }),
      sampleReading({ at: at(25) }),
    ],
    [sampleCollection({ at: at(6) })],
    [sampleMissed({ at: at(13), cause: "answer-silent" })],
  );
  expect(texts(consoleRows(items, marks))).toEqual([
    "line 1",
    "collection: 4.0 KiB reclaimed",
    "line 10",
    "reading: 8.6 KiB used",
    "reading missed (answer-silent)",
    "reading: 8.6 KiB used",
    "map: 8.6 KiB used",
    "line 20",
    "reading: 8.6 KiB used",
  ]);
});

test("a helper's readings stand between the lines like others, its marks with their labels", () => {
  const { items } = withAnswer(emptyConsole, answer([1, 10]));
  const marks = consoleMarks(
    [
      sampleReading({ at: at(2), source: "helper" }),
      { ...sampleMarked(3, { label: "after wifi" }), at: at(3), phase: "after-collect" },
      sampleReading({ at: at(11), source: "helper" }),
    ],
    [],
    [],
  );
  expect(texts(consoleRows(items, marks))).toEqual([
    "line 1",
    "reading: 8.6 KiB used",
    "after wifi: 8.6 KiB used",
    "line 10",
    "reading: 8.6 KiB used",
  ]);
});

test("readings with nothing between them are one row", () => {
  const { items } = withAnswer(emptyConsole, answer([1]));
  const marks = consoleMarks(
    [2, 4, 6].map((seconds) => sampleReading({ at: at(seconds) })),
    [],
    [],
  );
  expect(texts(consoleRows(items, marks))).toEqual(["line 1", "3 readings, the last 8.6 KiB used"]);
  expect(consoleRows([], marks)).toEqual([]);
});
