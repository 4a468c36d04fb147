import { expect, test } from "vitest";
import { type Arrival, HelperSequence } from "../../src/board/helper-sequence.ts";

const frame = (more: object = {}): Arrival => ({
  kind: "frame",
  lost: null,
  restarted: false,
  ...more,
});
const at = (run: string, sequence: number) => ({ run, sequence });

test("numbers in a row are whole; the first that is heard may be any", () => {
  const frames = new HelperSequence();
  expect(frames.take("a", 41)).toEqual(frame());
  expect(frames.take("a", 42)).toEqual(frame());
});

test("a hole is lost frames, with what is known of them, and each is counted once", () => {
  const frames = new HelperSequence();
  frames.take("a", 1);
  frames.damaged(at("a", 2), "cut");
  frames.damaged(null, "end-alone");
  expect(frames.take("a", 5)).toEqual(frame({ lost: { frames: 3, why: "end-alone" } }));
  expect(frames.take("a", 6)).toEqual(frame());
  expect(frames.lostFrames).toBe(3);
});

test("a number that was there already is a duplicate", () => {
  const frames = new HelperSequence();
  frames.take("a", 7);
  expect(frames.take("a", 7)).toEqual({ kind: "duplicate" });
  expect(frames.take("a", 3)).toEqual({ kind: "duplicate" });
});

test("a new run is a restart, unless that was told already; the frame that it cut is lost", () => {
  const frames = new HelperSequence();
  frames.take("a", 7);
  frames.damaged(at("a", 8), "cut");
  expect(frames.take("b", 1)).toEqual(frame({ restarted: true, lost: { frames: 1, why: "cut" } }));
  frames.restartHeard();
  expect(frames.take("c", 2)).toEqual(frame({ lost: { frames: 1, why: null } }));
});

test("what was printed while the port was closed is nobody's loss", () => {
  const frames = new HelperSequence();
  frames.take("a", 7);
  frames.reconnected();
  expect(frames.take("a", 20)).toEqual(frame());
  frames.reconnected();
  expect(frames.take("b", 4)).toEqual(frame());
});

test("two runs that alternate are two helpers, each with its own numbers, until one of them is silent", () => {
  const frames = new HelperSequence();
  frames.take("a", 1);
  frames.take("b", 1);
  expect(frames.twins).toBeNull();
  expect(frames.take("a", 2)).toEqual(frame());
  expect(frames.twins).toEqual(["b", "a"]);
  expect(frames.take("b", 2)).toEqual(frame());
  for (let number = 3; number < 30; number++) expect(frames.take("b", number)).toEqual(frame());
  expect(frames.twins).toBeNull();
  expect(frames.lostFrames).toBe(0);
});

test("what was damaged last is lost when nothing more comes", () => {
  const frames = new HelperSequence();
  expect(frames.ended()).toBeNull();
  frames.take("a", 1);
  frames.damaged(at("a", 3), "cut");
  expect(frames.ended()).toEqual({ frames: 2, why: "cut" });
  expect(frames.ended()).toBeNull();
});
