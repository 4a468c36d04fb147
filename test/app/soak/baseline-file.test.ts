import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type BaselineEntry,
  entryFor,
  readBaseline,
  updateBaseline,
} from "../../../src/app/soak/baseline-file.ts";

const entry: BaselineEntry = {
  application: "main.py",
  applicationSha256: "0".repeat(64),
  firmware: "MicroPython v1.27.0 on 2025-12-10",
  machine: "JS with Emscripten",
  emulatedHeapBytes: 65_536,
  liveBytes: 6_544,
  leastLargestFreeBytes: 56_048,
  collections: 48,
  at: "2026-11-27T12:00:00.000Z",
};

function baselineFile(): { readonly file: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-baseline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { file: join(folder, "heap.json"), folder };
}

test("an entry takes the place of its own kind alone, whatever the application's content", () => {
  const { file, folder } = baselineFile();
  expect(readBaseline(file)).toBeNull();
  updateBaseline(file, entry);
  updateBaseline(file, { ...entry, firmware: "MicroPython v1.28.0" });
  updateBaseline(file, { ...entry, applicationSha256: "1".repeat(64), liveBytes: 7_000 });
  const entries = readBaseline(file) ?? [];
  expect(entries.map(({ firmware, liveBytes }) => [firmware, liveBytes])).toEqual([
    [entry.firmware, 7_000],
    ["MicroPython v1.28.0", 6_544],
  ]);
  expect(entryFor(entries, entry)?.liveBytes).toBe(7_000);
  expect(entryFor(entries, { ...entry, emulatedHeapBytes: null })).toBeNull();
  expect(readdirSync(folder)).toEqual(["heap.json"]);
});

test.each([
  ["{", "not JSON"],
  ['{"version":2,"entries":[]}', "/version"],
  [JSON.stringify({ version: 1, entries: [{ ...entry, liveBytes: -1 }] }), "/entries/0/liveBytes"],
  [JSON.stringify({ version: 1, entries: [{ ...entry, odd: 1 }] }), "/entries/0"],
])("what is no baseline is named and left alone: %s", (text, words) => {
  const { file } = baselineFile();
  writeFileSync(file, text);
  const unusable = expect.objectContaining({
    code: "baseline-unusable",
    message: expect.stringContaining(words),
  });
  expect(() => readBaseline(file)).toThrow(unusable);
  expect(() => updateBaseline(file, entry)).toThrow(unusable);
  expect(readFileSync(file, "utf8")).toBe(text);
});
