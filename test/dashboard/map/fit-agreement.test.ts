import fc from "fast-check";
import { expect, test } from "vitest";
import { findFits } from "../../../src/dashboard/map/fit.ts";
import { firstFit } from "../../../src/heap/first-fit.ts";
import { freeRangesOf } from "../../../src/heap/free-ranges.ts";
import { mapOf as heapMapOf } from "../../support/block-maps.ts";
import { mapOf } from "./support.ts";

const area = fc
  .array(fc.constantFrom("h", "L=", ".", "..", "....."), { minLength: 1, maxLength: 30 })
  .map((parts) => `h${parts.join("")}`.padEnd(64, "h"));

test("the page and what-if agree on one size: whether, where and how often it fits", () => {
  fc.assert(
    fc.property(
      fc.array(area, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 200 }),
      (texts, bytes) => {
        const page = findFits(mapOf(...texts), bytes);
        const { allocations, moreTimes } = firstFit(freeRangesOf(heapMapOf(...texts)), [bytes]);
        const [one] = allocations;
        expect(page.blocks).toBe(one?.blocks);
        expect(page.times).toBe(moreTimes === null ? 0 : moreTimes + 1);
        if (one?.kind === "placed") expect(page.first).toEqual({ area: one.area, block: one.block });
        else
          expect(page).toMatchObject({
            first: null,
            freeBlocks: one?.freeBlocks,
            largestBlocks: one?.largestBlocks,
          });
      },
    ),
  );
});
