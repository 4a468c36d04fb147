import { expect, test } from "vitest";
import { readHelperFrame } from "../../src/board/helper-reading.ts";
import { HelperSequence } from "../../src/board/helper-sequence.ts";
import { foreignText } from "../../src/heap/foreign-text.ts";
import { HelperFrames } from "../../src/protocol/helper-frames.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";
import { dumpText } from "../support/block-maps.ts";
import { printFrame } from "../support/frame-printer.ts";
import { noisyFrames } from "../support/noisy-frames.ts";
import { seeded } from "../support/seeded.ts";

const withMap = dumpText(["h==hS.AB=..h===="]);
const basic = withMap.slice(0, withMap.indexOf("GC memory layout"));

function readOne(body: string, keys = "", blockSizeBytes: number | null = null) {
  const [item] = new HelperFrames().push(bytesOf(printFrame(3, body, keys)));
  if (item?.kind !== "frame") throw new Error("no frame");
  return readHelperFrame(item.header, item.body, blockSizeBytes);
}

test("two equal answers are a reading; the block size of an earlier map gives its largest free bytes", () => {
  const result = readOne(basic + basic, "threshold=4096 peak=900 stack=77", 16);
  expect(result).toMatchObject({
    kind: "reading",
    dump: null,
    figures: { heap: { totalBytes: 1024 }, largestFreeBytes: 48 * 16, stack: { usedBytes: 524 }, map: null },
    helper: {
      run: "3f2a",
      sequence: 3,
      ticksMs: 3000,
      mark: null,
      gcThreshold: 4096,
      peakBytes: 900,
      idfHeap: null,
    },
  });
});

test("an answer and one with a map that adds up are a reading with its dump", () => {
  const result = readOne(basic + withMap, "mark=end label=parse");
  expect(result).toMatchObject({
    kind: "reading",
    figures: { blocks: { sizeBytes: 16 }, map: { verified: true } },
    helper: { mark: { kind: "end", label: "parse" } },
  });
  if (result.kind === "reading") expect(latin1Text(result.dump ?? bytesOf(""))).toBe(withMap);
});

test("a label without a mark is a point", () => {
  expect(readOne(basic + basic, "label=boot")).toMatchObject({
    helper: { mark: { kind: "point", label: "boot" } },
  });
});

test("answers that differ, are missing or do not add up are lost", () => {
  expect(readOne(basic)).toMatchObject({ kind: "lost" });
  expect(readOne("")).toMatchObject({ kind: "lost" });
  expect(readOne(basic + basic + basic)).toMatchObject({ kind: "lost" });
  expect(readOne(basic + basic.replace("stack: 524", "stack: 534"))).toMatchObject({ kind: "lost" });
  expect(readOne(basic + basic.replace("1-blocks: 3", "1-blocks: 2"))).toMatchObject({ kind: "lost" });
  const damaged = basic.replace("used: 208", "used: 206");
  expect(readOne(damaged + basic)).toMatchObject({ kind: "lost" });
  expect(readOne(basic + withMap.replace("h==hS.", "h=hS."))).toMatchObject({ kind: "lost" });
});

test("a map that differs from its header is left out, its figures are not", () => {
  const result = readOne(basic + withMap.replace("h==hS.", "h==.S."));
  expect(result).toMatchObject({ kind: "reading", dump: null, figures: { map: null } });
});

test("without mem_info the totals come from the start line, and so does the stack", () => {
  expect(readOne("", "alloc=4000 free=6000 stack=88")).toMatchObject({
    kind: "reading",
    figures: { heap: { totalBytes: 10_000, usedBytes: 4000 }, stack: { usedBytes: 88, totalBytes: null } },
  });
});

test("what the application printed in a frame is kept, line by line and before a line's figures", () => {
  const body = `\r\n${basic}counter 5\r\nstate ${withMap}last\n`;
  expect(latin1Text(foreignText(bytesOf(body)))).toBe("counter 5\r\nstate last\n");
});

/** More of them when something of this changes. */
const seeds = (process.env["NOISE_SEEDS"] ?? "1").split(",").map(Number);

test("of 1 000 frames in an application's output and a bad link, each is verified or counted as lost; none is wrong", () => {
  for (const seed of seeds) {
    const random = seeded(seed);
    const { bytes, truth } = noisyFrames(1000, 2000, seed);
    const frames = new HelperFrames();
    const sequence = new HelperSequence();
    const accepted = new Set<number>();
    let at = 0;
    while (at <= bytes.length) {
      const end = at + 1 + Math.floor(random() * 4096);
      const items = at === bytes.length ? frames.giveUp() : frames.push(bytes.subarray(at, end));
      at = at === bytes.length ? at + 1 : Math.min(end, bytes.length);
      for (const item of items) {
        if (item.kind === "lost") sequence.damaged(item.header, item.reason);
        if (item.kind !== "frame") continue;
        const result = readHelperFrame(item.header, item.body, 16);
        if (result.kind === "lost") {
          sequence.damaged(item.header, result.why);
          continue;
        }
        const { figures, helper } = result;
        const { counts, stackBytes } = truth.get(helper.sequence)!;
        const { totalBytes, usedBytes, freeBytes, ...blocks } = counts;
        expect(figures.heap).toEqual({ totalBytes, usedBytes, freeBytes, growableBytes: null });
        expect(figures.blocks).toMatchObject(blocks);
        expect(figures.largestFreeBytes).toBe(counts.largestFree * 16);
        // Where both lines of it were damaged, it is unknown.
        if (figures.stack) expect(figures.stack.usedBytes).toBe(stackBytes);
        expect(sequence.take(helper.run, helper.sequence, helper.ticksMs).kind).toBe("frame");
        accepted.add(helper.sequence);
      }
    }
    sequence.ended();
    for (const [number, { intact }] of truth)
      if (intact) expect(accepted.has(number), `${number}`).toBe(true);
    // Where all of a frame is damaged, only a whole one before it and one after it tell.
    const unheard = 1000 - Math.max(...accepted) + Math.min(...accepted) - 1;
    expect(Math.abs(accepted.size + sequence.lostFrames - 1000)).toBeLessThanOrEqual(unheard);
    expect(accepted.size).toBeGreaterThan(500);
    expect(sequence.lostFrames).toBeGreaterThan(200);
  }
});
