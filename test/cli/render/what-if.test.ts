import { describe, expect, test } from "vitest";
import type { CollectedHeap, HeapSource } from "../../../src/app/what-if/subject.ts";
import { tryAllocations } from "../../../src/app/what-if/try-allocations.ts";
import { widthOf } from "../../../src/cli/render/canvas.ts";
import { whatIfLines } from "../../../src/cli/render/what-if.ts";
import { freeRangesOf } from "../../../src/heap/free-ranges.ts";
import { mapOf } from "../../support/block-maps.ts";

const plain = { columns: 80, color: false };
const freeIn = (...areas: string[]) => freeRangesOf(mapOf(...areas.map((text) => text.padEnd(64, "h"))));
const known = (...areas: string[]): CollectedHeap => ({ kind: "known", free: freeIn(...areas) });
const port: HeapSource = { kind: "port", port: "serial:/dev/ttyACM0" };

function lines(
  heap: { now: string[]; collected: CollectedHeap; source?: HeapSource; growableBytes?: number },
  sizes: readonly number[],
  canvas = plain,
): string[] {
  const { now, collected, source = port, growableBytes = null } = heap;
  const subject = { name: "Pico", source, now: freeIn(...now), collected, growableBytes };
  return whatIfLines(subject, tryAllocations(subject, sizes), canvas).map((line) => line.trimEnd());
}

/** The sentences at the end, in one line. */
const verdict = (...given: Parameters<typeof lines>): string => {
  const all = lines(...given);
  return all.slice(all.lastIndexOf("") + 1).join(" ");
};

test("each allocation with its place, now and after a collection, and what is left", () => {
  expect(lines({ now: ["h..h...."], collected: known("h.......") }, [32, 16, 16, 100])).toEqual([
    "Pico",
    "read now at /dev/ttyACM0",
    "",
    "  ██████████████████████████████████████████████████████▒▒░░░░",
    "  █ used 928 B of 1.0 KiB · ▒ free in smaller pieces 32 B · ░ largest free run 64 B".slice(0, 57),
    "  ░ largest free run 64 B · blocks of 16 bytes",
    "",
    "  allocate          as it is        after a collection",
    "  32 B              fits at 00010   fits at 00010",
    "  16 B × 2          all 2 fit       all 2 fit",
    "  100 B             no room         no room",
    "  left free         32 B            48 B",
    "  its largest run   32 B            48 B",
    "  fragmentation     0.0 %           0.0 %",
    "  all of it again   –               –",
    "",
    "DOES NOT FIT: allocation 4 of 4 would be a MemoryError, also after the",
    "collection that MicroPython makes by itself (100 B: only 48 B are free).",
  ]);
});

describe("the verdict in words", () => {
  test("fits", () => {
    expect(verdict({ now: ["h.."], collected: known("h..") }, [32])).toBe(
      "FITS: it has room in the heap as it is.",
    );
    expect(lines({ now: ["h.."], collected: known("h..") }, [16])).toContain(
      "  fits again        1 time          1 time",
    );
  });

  test("after the collection that comes by itself", () => {
    expect(verdict({ now: ["h..h.."], collected: known("h.....") }, [16, 64])).toBe(
      "FITS AFTER A COLLECTION: allocation 2 of 2 has no room in the heap as it is (64 B: only 48 B are free). " +
        "MicroPython collects by itself before it gives up, and then this one and all after it have room.",
    );
  });

  test("only with a collection first", () => {
    expect(verdict({ now: ["hhhh...."], collected: known("h.hh....") }, [16, 64])).toBe(
      "DOES NOT FIT: allocation 2 of 2 would be a MemoryError, also after the collection that MicroPython makes by itself " +
        "(64 B: 64 B are free, but the largest run is 48 B). Call gc.collect() before the first one: then all have room, because none lies in the way of another.",
    );
  });

  test("by growing, or not even so", () => {
    const heap = { now: ["h."], collected: known("h..") };
    expect(verdict({ ...heap, growableBytes: 65_536 }, [4096])).toContain(
      "FITS IF THE HEAP GROWS: it has no room in the heap as it is (4096 B: only 16 B are free). The board says that its heap can grow by up to 64.0 KiB",
    );
    expect(verdict({ ...heap, growableBytes: 65_536 }, [100_000])).toContain(
      "(100000 B is more than the whole heap, 1.0 KiB). The heap can grow by 64.0 KiB, the board says, which is not enough.",
    );
  });

  test("of a dump, which does not say what is garbage", () => {
    const source: HeapSource = { kind: "dump", file: "log.txt", line: 41, which: 2, dumps: 3 };
    const heap = { now: ["h..h"], collected: { kind: "unknown", reason: "Not known." } as const, source };
    expect(lines(heap, [64])).toContain("the last whole dump with a map: number 2 of 3, at line 41");
    expect(verdict(heap, [64])).toBe(
      "NO ROOM WITHOUT A COLLECTION: it has no room in the heap as in the dump (64 B: only 32 B are free). " +
        "MicroPython would collect first; where that frees too little in one place, it is a MemoryError.",
    );
  });
});

test("an old map is shown as one, with its age", () => {
  const source: HeapSource = {
    kind: "stored",
    boardId: "b",
    at: null,
    ageMs: 180_000,
    reason: "It reports by itself.",
  };
  const shown = lines({ now: ["h.."], collected: { kind: "unknown", reason: "Not known." }, source }, [16]);
  expect(shown.slice(1, 3).join(" ")).toBe(
    "the newest stored map, 3 min old, not the heap as it is now. It reports by itself.",
  );
  expect(shown.at(-1)).toBe("FITS: it has room in the heap as it was.");
});

test("areas are named where there are several", () => {
  expect(lines({ now: ["h.", "h.."], collected: known("h.", "h..") }, [32])).toContainEqual(
    expect.stringContaining("fits at 00010, area 2"),
  );
});

test.each([30, 45, 80])("no line is wider than %i columns, and no name moves the cursor", (columns) => {
  const heap = { now: ["h..h....", "h..."], collected: known("h.......", "h...") };
  for (const color of [false, true]) {
    const shown = lines(
      { ...heap, source: { kind: "port", port: "serial:/dev/\u001b[2J" } },
      [32, 16, 16, 640],
      { columns, color },
    );
    for (const line of shown) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(shown.join("\n")).not.toContain("\u001b[2J");
  }
});
