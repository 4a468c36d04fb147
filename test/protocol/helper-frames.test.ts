import fc from "fast-check";
import { expect, test } from "vitest";
import {
  HelperFrames,
  type HelperItem,
  longestBody,
  longestMarker,
} from "../../src/protocol/helper-frames.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { endLine, plainItems, printFrame, startLine } from "../support/frame-printer.ts";

function split(bytes: Uint8Array, cuts: readonly number[] = []): readonly unknown[] {
  const frames = new HelperFrames();
  const items: HelperItem[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A copy, as the text of an item may be a view of its chunk.
    items.push(...frames.push(bytes.slice(at, cut)));
    at = cut;
  }
  return plainItems([...items, ...frames.giveUp()]);
}

const splitText = (text: string) => split(bytesOf(text));
const body = "stack: 556 out of 7936\r\nGC: total: 1000, used: 400, free: 600\r\n";
const lost = (reason: string, sequence: number | null = null) =>
  expect.objectContaining({
    kind: "lost",
    reason,
    header: sequence === null ? null : expect.objectContaining({ sequence }),
  });
const frame = (sequence: number) =>
  expect.objectContaining({ kind: "frame", header: expect.objectContaining({ sequence }) });

test("a frame comes out with its header and body; what is around it on its lines is the application's", () => {
  expect(splitText(`count ${printFrame(17, body)}7\n`)).toEqual([
    "count ",
    expect.objectContaining({
      kind: "frame",
      body: `\r\n${body}`,
      wireBytes: printFrame(17, body).length - 2,
    }),
    "7\n",
  ]);
});

test("a start line in an open frame loses the first, whether it is whole or damaged", () => {
  const open = `${startLine(1)}\r\n${body}`;
  expect(splitText(open + printFrame(2, body))).toEqual([lost("cut", 1), frame(2)]);
  expect(splitText(`${open}<heapscope 1 2 run=3\u0000\r\n`)).toEqual([
    lost("cut", 1),
    lost("start-damaged"),
    "\u0000\r\n",
  ]);
});

test("an end line without its start, with another number or with a wrong sum is a lost frame", () => {
  const start = startLine(5);
  expect(splitText(`a${endLine(5, start)}\r\nb`)).toEqual(["a", lost("end-alone"), "b"]);
  expect(splitText(`${start}\r\n${endLine(6, start)}`)).toEqual([lost("end-other", 5)]);
  expect(splitText(`${start}\r\n${endLine(5, startLine(4))}`)).toEqual([lost("end-other", 5)]);
  expect(splitText(`${start}\r\n</heapscope 5 sum=1\r\n`)).toEqual([lost("end-damaged", 5), "\r\n"]);
});

test("a changed digit of a start line is seen at its end", () => {
  const changed = printFrame(17, body, "stack=556").replace("stack=556", "stack=566");
  expect(splitText(changed)).toEqual([lost("end-other", 17)]);
});

test("a helper of another version is told, and what it prints is text up to its end line", () => {
  const start = startLine(1, "", "3f2a", 2);
  expect(splitText(`${start}\r\nx\r\n${endLine(1, start)}\r\ny`)).toEqual([
    { kind: "foreign-version", version: 2 },
    "\r\nx\r\ny",
  ]);
});

test("what only resembles a start line stays text", () => {
  const text = "<heapscope is great> <heap> </heapscope> <<heapscope \n<p>";
  expect(splitText(text)).toEqual([text]);
});

test("lines and bodies are bounded: what is longer is lost, and the input goes on after it", () => {
  const long = `<heapscope 1 1 run=${"1".repeat(longestMarker)}`;
  expect(splitText(`${long}>\r\n${printFrame(2, body)}`)).toEqual([
    lost("start-damaged"),
    expect.any(String),
    frame(2),
  ]);
  const endless = startLine(1) + "x".repeat(longestBody + 3);
  expect(splitText(`${endless}\r\n${printFrame(2, body)}`)).toEqual([
    lost("too-long", 1),
    "xxx\r\n",
    frame(2),
  ]);
});

test("a start line whose values cannot be is lost; a key that is not known is passed over", () => {
  const bad = [
    "phase=sometimes",
    "stack=-4",
    "stack=99999999999",
    "stack=4 stack=4",
    "mark=middle",
    "label=%zz",
    "threshold=-2",
    "pause_us=4",
    "interval=0",
    "idf=1/2",
    "idf=100/200/50/10",
    "alloc=4",
    "=4",
  ];
  for (const keys of bad)
    expect(splitText(printFrame(1, body, keys)), keys).toEqual([
      lost("start-damaged"),
      expect.any(String),
      lost("end-alone"),
    ]);
  expect(splitText(printFrame(1, body, "future=a/b/c"))).toEqual([frame(1)]);
  expect(splitText(printFrame(0, body))[0]).toEqual(lost("start-damaged"));
});

test("a header is typed, its label decoded", () => {
  const keys =
    "phase=after-collect pause_us=1850 mark=settled label=nach%20%C3%BCben%3E stack=556 threshold=-1 peak=900 idf=300000/100000/90000/8000,20/10/5/1 interval=2.5 alloc=10 free=20";
  expect(splitText(printFrame(7, body, keys))).toMatchObject([
    {
      header: {
        sequence: 7,
        run: "3f2a",
        ticksMs: 7000,
        phase: "after-collect",
        pauseUs: 1850,
        mark: "settled",
        label: "nach üben>",
        stackBytes: 556,
        gcThreshold: -1,
        peakBytes: 900,
        idfHeap: [
          { totalBytes: 300_000, freeBytes: 100_000, largestFreeBytes: 90_000, minimumFreeBytes: 8000 },
          { totalBytes: 20, freeBytes: 10, largestFreeBytes: 5, minimumFreeBytes: 1 },
        ],
        intervalSeconds: 2.5,
        allocBytes: 10,
        freeBytes: 20,
      },
    },
  ]);
});

const piece = fc.oneof(
  fc.constantFrom(
    printFrame(1, body),
    printFrame(2, body, "label=after%20wifi mark=point"),
    startLine(3),
    endLine(3, startLine(3)),
    `${startLine(4, "", "3f2a", 2)}\r\n`,
    "<",
    "</",
    "<heapscope ",
    "<heapscope 1 9 run=",
    "</heapscope 9",
    "1".repeat(longestMarker),
    "\r",
    "\n",
    ">",
  ),
  fc.string({ maxLength: 12 }),
);

test("the items are the same however the bytes are cut", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), cuts, (pieces, drawn) => {
      const bytes = bytesOf(pieces.join(""));
      const whole = split(bytes);
      expect(split(bytes, Array.from(bytes.keys()))).toEqual(whole);
      const at = drawn.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
      expect(split(bytes, at)).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

/** What comes of another version is told without its lines. */
const ownPiece = piece.filter((text) => !text.startsWith("<heapscope 2"));

test("no byte is lost: text, frames and what is lost make up the input, but for line ends after end lines", () => {
  fc.assert(
    fc.property(fc.array(ownPiece, { maxLength: 12 }), (pieces) => {
      const bytes = bytesOf(pieces.join(""));
      const frames = new HelperFrames();
      let counted = 0;
      let ends = 0;
      for (const item of [...frames.push(bytes), ...frames.giveUp()]) {
        if (item.kind === "frame") counted += item.wireBytes;
        else if (item.kind !== "foreign-version") counted += item.bytes.length;
      }
      const text = pieces.join("");
      for (const end of text.matchAll(/<\/?heapscope \d[^<]*?>(\r?\n|\r$)?/g)) ends += end[0].length;
      expect(counted).toBeLessThanOrEqual(bytes.length);
      expect(counted).toBeGreaterThanOrEqual(bytes.length - ends);
    }),
  );
});
