import { expect, test } from "vitest";
import { collectionLines } from "../../../src/cli/render/collection.ts";
import { boardLines, readingLines } from "../../../src/cli/render/reading.ts";
import { sampleCollection, sampleMap, sampleReading, sampleSnapshot } from "../../support/samples.ts";

const plain80 = { columns: 80, color: false };
const plain40 = { columns: 40, color: false };

const reading = sampleReading({ map: sampleMap });

test("a reading at 80 columns: how full, in how many pieces, what fits, what it cost", () => {
  expect(readingLines(reading, plain80)).toEqual([
    "  heap           ██▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
    "                 █ used 8.6 KiB of 240.1 KiB (3.6 %)",
    "                 ▒ free in smaller pieces 192 B · ░ largest free run 231.3 KiB",
    "  fragmentation  <0.1 % of the free heap is not in its largest run",
    "  fits now       an object of up to 236848 bytes without a collection",
    "  blocks         15368 of 16 bytes · 52 objects of one block, 14 of two",
    "                 largest object 64 blocks (1.0 KiB) · 9 free runs",
    "  stack          556 of 7936 bytes (7.0 %)",
    "  reading cost   at most 17.9 ms of the board's time · 860 bytes on the wire",
  ]);
});

test("at 40 columns each row has its label above it", () => {
  const lines = readingLines(reading, plain40);
  expect(lines.slice(0, 7)).toEqual([
    "  heap",
    "    █▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
    "    █ used 8.6 KiB of 240.1 KiB (3.6 %)",
    "    ▒ free in smaller pieces 192 B",
    "    ░ largest free run 231.3 KiB",
    "  fragmentation",
    "    <0.1 % of the free heap is not in",
  ]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
});

test("what is not known is left out or said to be unknown, never shown as zero", () => {
  const lines = readingLines(
    sampleReading({
      stack: null,
      blocks: {
        sizeBytes: null,
        total: null,
        oneBlock: null,
        twoBlock: null,
        largestUsed: null,
        largestFree: null,
      },
      largestFreeBytes: null,
      fragmentation: null,
      durationMs: null,
      wireBytes: null,
    }),
    plain80,
  );
  expect(lines).toEqual([
    "  heap           ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
    "                 █ used 8.6 KiB of 240.1 KiB (3.6 %) · ░ free 231.5 KiB",
    "  fits now       not known: the firmware does not print it, or only a map tells",
    "                 the size of a block",
  ]);
});

test("a board is named by machine, firmware, id and port; an id that is the port is not said twice", () => {
  const facts = sampleSnapshot().facts!;
  expect(boardLines(facts, "e6614103e7452d2f", "serial:/dev/ttyACM0", plain80)).toEqual([
    "Raspberry Pi Pico with RP2040 · MicroPython v1.27.0 on 2025-12-10",
    "e6614103e7452d2f at /dev/ttyACM0",
    "",
  ]);
  expect(boardLines(facts, "/dev/ttyACM0", "serial:/dev/ttyACM0", plain80)[1]).toBe("/dev/ttyACM0");
});

test("a collection shows what it brought, before and after", () => {
  const after = sampleReading({
    heap: { totalBytes: 245888, usedBytes: 4752, freeBytes: 241136, growableBytes: null },
  });
  const collection = { ...sampleCollection(), beforeId: null, afterId: null };
  expect(collectionLines(sampleReading(), collection, after, plain80).slice(0, 2)).toEqual([
    "  gc.collect()   reclaimed 4.0 KiB · largest free run +1.0 KiB",
    "                 fragmentation 25.0 % → 6.3 % · paused 3.25 ms",
  ]);
});

test("a heap that grew during a collection is not called reclaimed", () => {
  const collection = {
    ...sampleCollection({ reclaimedBytes: -64, pauseMs: null, largestFreeGainBytes: -16 }),
    beforeId: null,
    afterId: null,
  };
  expect(collectionLines(sampleReading(), collection, sampleReading(), plain80)[0]).toBe(
    "  gc.collect()   grew by 64 B meanwhile · largest free run −16 B",
  );
});
