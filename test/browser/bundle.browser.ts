import { expect, test } from "vitest";
import { bundleBytes, bundleLimitBytes } from "./bundle.ts";

test("the page's files are small enough, gzipped", () => {
  const sizes = bundleBytes();
  expect(sizes.map(({ file }) => file)).toContain("index.html");
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, { gzipped }) => sum + gzipped, 0)).toBeLessThanOrEqual(bundleLimitBytes);
});
