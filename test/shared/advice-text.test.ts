import { expect, test } from "vitest";
import { basisText, nothingToAdvise } from "../../src/shared/advice-text.ts";

const basis = {
  readings: 1_200,
  collections: 300,
  from: "2026-11-09T00:00:00.000Z",
  to: "2026-11-16T00:00:00.000Z",
};

test("what advice rests on is counted, with the time from first to last where there are two", () => {
  expect(basisText(basis)).toBe("1200 readings and 300 collections of 7 days");
  expect(basisText({ ...basis, readings: 1, collections: 0 })).toBe("1 reading and 0 collections");
  expect(basisText({ ...basis, readings: 0, collections: 0 })).toBe("0 readings and 0 collections");
});

test("where there is nothing to advise, it says what was looked at, or what is missing", () => {
  expect(nothingToAdvise(basis)).toContain(
    "Nothing to advise: in 1200 readings and 300 collections of 7 days, the board is read often enough",
  );
  expect(nothingToAdvise({ ...basis, collections: 9 })).toContain("takes 10 collections to tell");
});
