import fc from "fast-check";
import { expect, test } from "vitest";
import { headerBytes, textFrame } from "../../src/api/websocket-frame.ts";
import { textsOfFrames } from "../support/text-frames.ts";

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  "a frame of %i bytes is what RFC 6455 says",
  (length) => {
    const text = "x".repeat(length);
    const frame = textFrame(Buffer.from(text));
    expect(textsOfFrames(frame)).toEqual([text]);
    expect(frame.subarray(headerBytes(frame)).toString()).toBe(text);
  },
);

test("frames one behind the other come apart again, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: "binary" }))), (messages) => {
      const frames = messages.map((parts) => textFrame(...parts.map((part) => Buffer.from(part))));
      const texts = messages.map((parts) => parts.map((part) => Buffer.from(part).toString()).join(""));
      expect(textsOfFrames(Buffer.concat(frames))).toEqual(texts);
    }),
  );
});
