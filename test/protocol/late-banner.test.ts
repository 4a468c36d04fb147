import { expect, test } from "vitest";
import { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Effect } from "../../src/protocol/raw-repl-effects.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";

const deadlines = { silenceMs: 1_000, deadlineMs: 5_000 };
const banner = bytesOf("raw REPL; CTRL-B to exit\r\n>");
const accepted = bytesOf("R\x01\x80\x00\x01");

const written = (effects: readonly Effect[]) =>
  effects.map((effect) => (effect.kind === "write" ? latin1Text(effect.bytes) : "")).join("");

/** At the raw prompt of a board whose program held it: asked gently in vain, then interrupted. */
function interrupted(): RawRepl {
  const repl = new RawRepl();
  repl.enter(deadlines);
  repl.timerFired("silence");
  repl.enter(deadlines, "interrupt");
  repl.timerFired("pace");
  expect(repl.receive(banner).map(({ kind }) => kind)).toContain("entered");
  return repl;
}

test("the second of two banners, for the question that nobody had read, is no refusal of raw-paste", () => {
  const repl = interrupted();
  expect(written(repl.run(bytesOf("print(1)"), deadlines))).toBe("\x05A\x01");
  expect(written(repl.receive(banner))).toBe("");
  expect(written(repl.receive(accepted))).toBe("print(1)\x04");
});

test("one banner more is what old firmware says to the offer", () => {
  const repl = interrupted();
  repl.run(bytesOf("print(1)"), deadlines);
  repl.receive(banner);
  expect(written(repl.receive(banner))).toBe("print(1)");
});

test("where only one question was put, the banner refuses at once", () => {
  const repl = new RawRepl();
  repl.enter(deadlines);
  repl.receive(banner);
  repl.run(bytesOf("print(1)"), deadlines);
  expect(written(repl.receive(banner))).toBe("print(1)");
});

test("a banner that never comes is not waited for in later programs", () => {
  const repl = interrupted();
  repl.run(bytesOf("print(1)"), deadlines);
  repl.receive(accepted);
  repl.receive(bytesOf("\x041\r\n\x04\x04>"));
  repl.run(bytesOf("print(1)"), deadlines);
  expect(written(repl.receive(banner))).toBe("print(1)");
});
