import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disagreement } from "../../src/heap/confirm.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { reconcile } from "../../src/heap/reconcile.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

const answer = (used: number, oneBlock = 52, largestFree = 3_847) =>
  `stack: 672 out of 32768\r\nGC: total: 64000, used: ${used}, free: ${64_000 - used}, max new split: 134217728\r\n` +
  ` No. of 1-blocks: ${oneBlock}, 2-blocks: 7, max blk sz: 11, max free sz: ${largestFree}\r\n`;

function doubtOf(text: string) {
  const records = parseMemInfo(bytesOf(text)).flatMap((finding) =>
    finding.kind === "record" ? [finding.record] : [],
  );
  return records.length === 2 ? disagreement(records[0]!, records[1]!) : "not two records";
}

describe("two answers printed one after the other", () => {
  test("confirm each other when they are equal", () => {
    expect(doubtOf(answer(2_000) + answer(2_000))).toBeNull();
  });

  test("do so when something allocated in between and the counts moved no further", () => {
    expect(doubtOf(answer(2_000) + answer(2_032, 54, 3_845))).toBeNull();
  });

  test.each([
    ["1-blocks", answer(2_000, 52) + answer(2_000, 51)],
    ["max free sz", answer(2_000) + answer(2_000, 52, 3_847_7)],
    ["max free sz", answer(2_000) + answer(2_016, 53, 347)],
    ["stack used", answer(2_000) + answer(2_000).replace("672", "67")],
  ])("disagree on %s", (figure, text) => {
    expect(doubtOf(text)).toMatchObject({ reason: "does-not-add-up", text: expect.stringContaining(figure) });
  });

  test("the system's own figure may change", () => {
    expect(doubtOf(answer(2_000) + answer(2_000).replace("134217728", "65536"))).toBeNull();
  });
});

test("no byte lost, doubled or changed anywhere leaves a wrong figure behind", () => {
  const text = answer(2_000) + answer(2_000);
  const expected = parseMemInfo(bytesOf(text));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: text.length - 1 }),
      fc.constantFrom("lost", "doubled", ...[0, 1, 2, 3, 4, 5, 6, 7].map((bit) => bit)),
      (at, fault) => {
        const byte = text.charCodeAt(at);
        const become =
          fault === "lost" ? [] : fault === "doubled" ? [byte, byte] : [byte ^ (1 << Number(fault))];
        const bytes = bytesOf(text);
        const damaged = Uint8Array.from([...bytes.subarray(0, at), ...become, ...bytes.subarray(at + 1)]);
        const records = parseMemInfo(damaged).flatMap((finding) =>
          finding.kind === "record" ? [finding.record] : [],
        );
        const [first, second] = records;
        if (!first || !second || records.length !== 2) return;
        if ([first, second].some((record) => reconcile(record).kind === "corrupt")) return;
        if (disagreement(first, second)) return;
        const last = expected[1]!;
        if (last.kind !== "record") throw new Error("the sample is damaged");
        const { heap, blocks, stack } = last.record;
        // The one figure that is not compared, see above.
        const growableBytes = second.heap.growableBytes;
        expect({ heap: second.heap, blocks: second.blocks, stack: second.stack }).toEqual({
          heap: { ...heap, growableBytes },
          blocks,
          stack,
        });
      },
    ),
    { numRuns: 3_000 },
  );
});
