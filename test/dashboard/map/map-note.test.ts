import { expect, test } from "vitest";
import type { ReadingView } from "../../../src/client/views.ts";
import { mapNote } from "../../../src/dashboard/map/map-note.ts";
import { sampleMap } from "../../support/samples.ts";
import { readingOf } from "./support.ts";

const kib = 1024;
const reading = (id: number, usedBytes: number, totalBytes = 64 * kib): ReadingView => {
  const one = readingOf(id);
  return { ...one, heap: { ...one.heap, usedBytes, totalBytes, freeBytes: totalBytes - usedBytes } };
};
const nowMs = Date.parse(readingOf(45).at ?? "");
const live = { isUnstored: false, isOld: false, nowMs };

test("a heap that moved since its map was read is told with both figures", () => {
  expect(mapNote(reading(1, 11.9 * kib), reading(9, 13.4 * kib), live)).toEqual({
    kind: "moved",
    text: "The heap has changed since: 13.4 KiB used now, 11.9 KiB in this map.",
  });
  const old = mapNote(reading(1, 12 * kib), reading(9, 10 * kib), { ...live, isOld: true });
  expect(old?.text).toContain("10.0 KiB used at its last reading, 12.0 KiB in this map");
  // Of a small heap less is much.
  expect(mapNote(reading(1, 4 * kib, 10_048), reading(9, 4.3 * kib, 10_048), live)?.kind).toBe("moved");
});

test("a little, what does not show, and an older reading are not told", () => {
  expect(mapNote(reading(1, 12 * kib), reading(9, 12.5 * kib), live)).toBeNull();
  const mib = kib * kib;
  expect(mapNote(reading(1, 3 * mib, 8 * mib), reading(9, 3 * mib + 2048, 8 * mib), live)).toBeNull();
  expect(mapNote(reading(9, 12 * kib), reading(1, 20 * kib), live)).toBeNull();
  expect(mapNote(reading(1, 12 * kib), null, live)).toBeNull();
});

test("a newer map that is on its way is no change to speak of", () => {
  const mapped = { ...reading(9, 20 * kib), map: sampleMap };
  expect(mapNote(reading(1, 12 * kib), mapped, live)).toBeNull();
});

test("while readings cannot be stored it says that the map stays, and how old it is", () => {
  const unstored = { ...reading(9, 20 * kib), id: null, map: sampleMap };
  expect(mapNote(reading(1, 12 * kib), unstored, { ...live, isUnstored: true })).toEqual({
    kind: "unstored",
    text: "Newer maps cannot be shown while the daemon cannot store them; this one is 44 s old.",
  });
});
