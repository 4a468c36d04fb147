import { expect, test } from "vitest";
import { decodeMap } from "../../../src/app/decode-map.ts";
import { rangesOfView } from "../../../src/app/what-if/ranges-of-view.ts";
import { freeRangesOf } from "../../../src/heap/free-ranges.ts";
import { bytesOf } from "../../../src/shared/bytes.ts";
import { readingOf } from "../../dashboard/map/support.ts";
import { dumpText, mapOf } from "../../support/block-maps.ts";

test("a map from the daemon has the free blocks of the dump it was made from", () => {
  const areas = ["hh..S==...h", `${"h".repeat(60)}....`, "....L=.."];
  const decoded = decodeMap(bytesOf(dumpText(areas)));
  expect(decoded).toBeDefined();
  expect(rangesOfView({ reading: readingOf(1), ...decoded! })).toEqual(freeRangesOf(mapOf(...areas)));
});
