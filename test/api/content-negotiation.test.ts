import { expect, test } from "vitest";
import { negotiate } from "../../src/api/content-negotiation.ts";

const offers = ["application/json", "text/plain"];

test.each([
  [undefined, "application/json"],
  ["", "application/json"],
  ["*/*", "application/json"],
  ["text/plain", "text/plain"],
  ["TEXT/Plain; charset=utf-8", "text/plain"],
  ["text/*", "text/plain"],
  ["text/plain;q=0.5, application/json;q=0.4", "text/plain"],
  ["text/plain, */*;q=0.1", "text/plain"],
  ["*/*, application/json;q=0", "text/plain"],
  ["image/png", undefined],
  ["application/json;q=0", undefined],
  ["application/json;q=lots", undefined],
])("Accept: %s gives %s", (accept, type) => {
  expect(negotiate(accept, offers)).toBe(type);
});
