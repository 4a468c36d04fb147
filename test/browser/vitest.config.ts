import { defineConfig } from "vitest/config";

/** The page in a real browser, apart from `npm test`: it wants Debian's chromium (or CHROMIUM=path). */
export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    include: ["test/browser/**/*.browser.ts"],
    globalSetup: ["test/browser/one-browser.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // A daemon, its boards and a browser are enough for two cores.
    fileParallelism: false,
  },
});
