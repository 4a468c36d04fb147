import { expect, test } from "vitest";
import { type Arrival, HelperSequence } from "../../src/board/helper-sequence.ts";

const frame = (more: object = {}): Arrival => ({
  kind: "frame",
  lost: null,
  restarted: false,
  ...more,
});
const take = (frames: HelperSequence, run: string, sequence: number, ticksMs = 1000 * sequence) =>
  frames.take(run, sequence, ticksMs);
const at = (run: string, sequence: number) => ({ run, sequence });

test("numbers in a row are whole; the first that is heard may be any", () => {
  const frames = new HelperSequence();
  expect(take(frames, "a", 41)).toEqual(frame());
  expect(take(frames, "a", 42)).toEqual(frame());
});

test("a hole is lost frames, with what is known of them, and each is counted once", () => {
  const frames = new HelperSequence();
  take(frames, "a", 1);
  frames.damaged(at("a", 2), "cut");
  frames.damaged(null, "end-alone");
  expect(take(frames, "a", 5)).toEqual(frame({ lost: { frames: 3, why: "end-alone" } }));
  expect(take(frames, "a", 6)).toEqual(frame());
  expect(frames.lostFrames).toBe(3);
});

test("the same frame again is a duplicate; a number that does not rise at another time is a new start", () => {
  const frames = new HelperSequence();
  take(frames, "a", 7);
  expect(take(frames, "a", 7)).toEqual({ kind: "duplicate" });
  expect(take(frames, "a", 1, 50)).toEqual(frame({ restarted: true }));
  expect(take(frames, "a", 2)).toEqual(frame());
  expect(take(frames, "a", 2, 51)).toEqual(frame({ restarted: true, lost: { frames: 1, why: null } }));
});

test("a new run is a restart, unless that was told already; the frame that it cut is lost", () => {
  const frames = new HelperSequence();
  take(frames, "a", 7);
  frames.damaged(at("a", 8), "cut");
  expect(take(frames, "b", 1)).toEqual(frame({ restarted: true, lost: { frames: 1, why: "cut" } }));
  frames.restartHeard();
  expect(take(frames, "c", 2)).toEqual(frame({ lost: { frames: 1, why: null } }));
});

test("what was printed while the port was closed is nobody's loss", () => {
  const frames = new HelperSequence();
  take(frames, "a", 7);
  frames.reconnected();
  expect(take(frames, "a", 20)).toEqual(frame());
  frames.reconnected();
  expect(take(frames, "b", 4)).toEqual(frame());
});

test("two runs that alternate are two helpers, each with its own numbers, until one of them is silent", () => {
  const frames = new HelperSequence();
  take(frames, "a", 1);
  take(frames, "b", 1);
  expect(frames.twins).toBeNull();
  expect(take(frames, "a", 2)).toEqual(frame());
  expect(frames.twins).toEqual(["b", "a"]);
  expect(take(frames, "b", 2)).toEqual(frame());
  for (let number = 3; number < 30; number++) expect(take(frames, "b", number)).toEqual(frame());
  expect(frames.twins).toBeNull();
  expect(frames.lostFrames).toBe(0);
});

test("a second helper that is heard late is no restart, and nothing before its first frame is lost", () => {
  const frames = new HelperSequence();
  expect(take(frames, "a", 40, 400_000)).toEqual(frame());
  expect(take(frames, "b", 30, 403_000)).toEqual(frame());
  expect(take(frames, "a", 41, 410_000)).toEqual(frame());
  expect(take(frames, "b", 31, 413_000)).toEqual(frame());
  expect(frames.twins).toEqual(["a", "b"]);
  expect(frames.lostFrames).toBe(0);
});

test("a new run whose time goes on is a restart when the other one reports no more", () => {
  const frames = new HelperSequence();
  take(frames, "a", 1, 10_000);
  const arrivals = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => take(frames, "b", number, 20_000 + number));
  expect(arrivals.map((arrival) => arrival.kind === "frame" && arrival.restarted).indexOf(true)).toBe(7);
  expect(arrivals.filter((arrival) => arrival.kind === "frame" && arrival.restarted)).toHaveLength(1);
});

test("what was damaged last is lost when nothing more comes", () => {
  const frames = new HelperSequence();
  expect(frames.ended()).toBeNull();
  take(frames, "a", 1);
  frames.damaged(at("a", 3), "cut");
  expect(frames.ended()).toEqual({ frames: 2, why: "cut" });
  expect(frames.ended()).toBeNull();
});
