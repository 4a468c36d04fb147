import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Analyzed, analyzeBytes, analyzeFile } from "../../src/app/analyze.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

const folder = resolve(import.meta.dirname, "../fixtures/dumps");
const fileOf = (start: string): string =>
  resolve(folder, readdirSync(folder).find((name) => name.startsWith(start)) ?? "missing");

async function collect(findings: AsyncIterable<Analyzed>): Promise<Analyzed[]> {
  const all: Analyzed[] = [];
  for await (const one of findings) all.push(one);
  return all;
}

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
}

test("a whole dump is a reading that says where it stood, and neither board nor time", async () => {
  const [one] = await collect(analyzeFile(fileOf("001")));
  expect(one).toMatchObject({
    kind: "reading",
    line: 2,
    differences: [],
    reading: {
      id: null,
      boardId: null,
      at: null,
      source: "file",
      durationMs: null,
      wireBytes: null,
      helper: null,
      heap: { totalBytes: 37952 },
      map: { verified: true },
    },
  });
});

test("a damaged dump is a problem with its place, and what its header says", async () => {
  const [one] = await collect(analyzeFile(fileOf("027")));
  expect(one).toMatchObject({
    kind: "problem",
    line: 7,
    problem: { reason: "map-line-damaged", expected: "at most 64 blocks", found: "65" },
    salvaged: { heap: { totalBytes: 233024 }, map: null },
  });
});

test("a map that is shorter than its header says is a problem, its header still good", async () => {
  const [one] = await collect(analyzeFile(fileOf("009")));
  expect(one).toMatchObject({
    kind: "problem",
    problem: { reason: "does-not-add-up" },
    salvaged: { heap: { totalBytes: 111168 }, map: null },
  });
});

test("a header that contradicts itself leaves nothing to salvage", async () => {
  const text =
    "GC: total: 1000, used: 600, free: 300\n No. of 1-blocks: 1, 2-blocks: 1, max blk sz: 1, max free sz: 1\n";
  const [one] = await collect(analyzeBytes("-", pieces(bytesOf(text), 7)));
  expect(one).toMatchObject({ kind: "problem", problem: { reason: "does-not-add-up" }, salvaged: null });
});

test("how the input is cut does not matter", async () => {
  const bytes = new Uint8Array(readFileSync(fileOf("036")));
  const whole = await collect(analyzeBytes("x", pieces(bytes, bytes.length)));
  expect(whole).toHaveLength(3);
  expect(await collect(analyzeBytes("x", pieces(bytes, 1)))).toEqual(whole);
  expect(await collect(analyzeBytes("x", pieces(bytes, 977)))).toEqual(whole);
});

test.each([
  ["/nowhere/at/all.txt", "there is no such file"],
  [folder, "it is a folder"],
])("%s cannot be read: %s", async (file, reason) => {
  await expect(collect(analyzeFile(file))).rejects.toMatchObject({
    code: "file-unreadable",
    exitCode: 2,
    context: { reason },
  });
});
