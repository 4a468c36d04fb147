import fc from "fast-check";
import { expect, test } from "vitest";
import { hrefOf, ranges, routeOf } from "../../../src/dashboard/shell/route.ts";

test("no hash, an empty one and #/ are the overview", () => {
  for (const hash of ["", "#", "#/"]) expect(routeOf(hash)).toEqual({ kind: "overview" });
});

test("what an address says, its route says, whatever the board is called", () => {
  const boardId = fc.string({ minLength: 1, unit: "binary" });
  const id = fc.option(fc.integer({ min: 1, max: 1e12 }));
  const route = fc.oneof(
    fc.record({
      kind: fc.constant("board" as const),
      boardId,
      range: fc.constantFrom(...(Object.keys(ranges) as (keyof typeof ranges)[])),
    }),
    fc.record({ kind: fc.constant("compare" as const), boardId, from: id, to: id }),
    fc.record({ kind: fc.constant("console" as const), boardId }),
  );
  fc.assert(
    fc.property(route, (one) => {
      expect(routeOf(hrefOf(one))).toEqual(one);
    }),
  );
});

test("what makes no sense in the query is as if it were not there", () => {
  expect(routeOf("#/boards/a?range=9y")).toEqual({ kind: "board", boardId: "a", range: "1h" });
  expect(routeOf("#/boards/a/compare?from=-1&to=x")).toEqual({
    kind: "compare",
    boardId: "a",
    from: null,
    to: null,
  });
});

test("other paths are unknown, and so is a board that cannot be decoded", () => {
  for (const path of ["/nowhere", "/boards", "/boards/a/b", "/boards/a/console/x", "/boards/%E0%A4%A"])
    expect(routeOf(`#${path}`)).toEqual({ kind: "unknown", path });
});
