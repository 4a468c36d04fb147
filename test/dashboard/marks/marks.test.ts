import { expect, test } from "vitest";
import type { MarkView, ReadingView } from "../../../src/client/views.ts";
import {
  hasNewMark,
  markEvents,
  marksTogether,
  mostMarked,
} from "../../../src/dashboard/marks/mark-events.ts";
import { costText, eventText } from "../../../src/dashboard/marks/mark-words.ts";
import { sampleMark, sampleMarked } from "./samples.ts";

const cost = {
  beginId: 1,
  endId: 2,
  netBytes: 1229,
  garbageBytes: 300,
  largestFreeChangeBytes: -2048,
};
const block: readonly MarkView[] = [
  sampleMark(1, { kind: "begin", label: "parse" }),
  sampleMark(2, { kind: "end", label: "parse" }),
  sampleMark(3, { kind: "settled", label: "parse", cost }),
];
const texts = (marks: readonly MarkView[]): readonly string[] => markEvents(marks).map(eventText);

test("a measured block is one event, from its begin to where it settled", () => {
  const [only, ...others] = markEvents(block);
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    kind: "block",
    fromMs: Date.parse(block[0]!.at),
    atMs: Date.parse(block[2]!.at),
  });
  expect(texts(block)).toEqual([
    "parse kept 1.2 KiB, left 300 B of garbage, the largest free block shrank by 2.0 KiB",
  ]);
});

test("a block is one event before the daemon has said what it cost", () => {
  const pending = block.map((mark) => ({ ...mark, readingId: 0, cost: null }));
  const events = markEvents([sampleMark(0, { kind: "begin", label: "other" }), ...pending]);
  expect(events.map(({ kind, label }) => `${kind} ${label}`)).toEqual(["begin other", "block parse"]);
  expect(events[1]).toMatchObject({ fromMs: Date.parse(block[0]!.at), cost: null });
  // Nested ones of one label: the inner one settles first.
  const begin = sampleMark(0, { kind: "begin", label: "parse" });
  const end = sampleMark(4, { kind: "end", label: "parse" });
  const settled = sampleMark(5, { kind: "settled", label: "parse" });
  const nested = markEvents([begin, ...block, end, settled]);
  expect(nested.map(({ fromMs }) => fromMs)).toEqual([Date.parse(block[0]!.at), Date.parse(begin.at)]);
});

test("what lacks a part of its block stands for itself", () => {
  const unknown = {
    beginId: null,
    endId: null,
    netBytes: null,
    garbageBytes: null,
    largestFreeChangeBytes: null,
  };
  expect(
    texts([
      sampleMark(1, { label: "after wifi" }),
      sampleMark(2, { kind: "begin", label: "parse" }),
      sampleMark(4, { kind: "settled", label: "lost", cost: unknown }),
      sampleMark(5, { label: " ", largestFreeBytes: null }),
    ]),
  ).toEqual([
    "after wifi: 8.6 KiB used, largest free block 231.3 KiB",
    "parse begins: 8.6 KiB used, largest free block 231.3 KiB",
    "lost: what it cost is not known: a report of it is missing",
    "(no label): 8.6 KiB used",
  ]);
  // Its begin is older than what was asked for.
  expect(markEvents(block.slice(2))[0]).toMatchObject({ kind: "block", fromMs: null, cost });
});

test("a cost of nothing and one below nothing are said as such", () => {
  const none = { ...cost, netBytes: 0, garbageBytes: 0, largestFreeChangeBytes: 0 };
  expect(costText(none)).toBe("kept nothing, left no garbage, the largest free block is as large as before");
  expect(costText({ ...none, netBytes: -64, garbageBytes: null, largestFreeChangeBytes: 32 })).toBe(
    "freed 64 B, the largest free block grew by 32 B",
  );
  expect(costText(null)).toBe("what it cost is being asked");
});

test("the feed's marks follow those of REST, each once, bounded, and make it be asked again", () => {
  const stored = [sampleMark(1, { label: "a" }), sampleMark(2, { label: "b" })];
  const live: readonly ReadingView[] = [sampleMarked(2, { label: "b" }), sampleMarked(3, { label: "c" })];
  expect(marksTogether(stored, live).map(({ label }) => label)).toEqual(["a", "b", "c"]);
  expect(hasNewMark(stored, live)).toBe(true);
  expect(hasNewMark(stored, live.slice(0, 1))).toBe(false);
  const many = Array.from({ length: 500 }, (_, id) => sampleMark(id + 1, {}));
  expect(marksTogether(many, []).map(({ readingId }) => readingId)).toEqual(
    Array.from({ length: mostMarked }, (_, place) => 500 - mostMarked + place + 1),
  );
});

test("a mark that waits to be stored is told once, also when it has its id", () => {
  const waiting = { ...sampleMarked(3, { label: "c" }), id: null };
  expect(hasNewMark([], [waiting])).toBe(false);
  expect(marksTogether([], [waiting, sampleMarked(3, { label: "c" })])).toHaveLength(1);
  expect(marksTogether([sampleMark(3, { label: "c" })], [waiting])[0]?.readingId).toBe(3);
});
