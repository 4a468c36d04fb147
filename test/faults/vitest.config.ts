import { defineConfig } from "vitest/config";

/** The fault matrix, apart from `npm test`: it takes minutes, and boards that the machine does not starve. */
export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    include: ["test/faults/**/*.faults.ts"],
    pool: "forks",
    testTimeout: 240_000,
    hookTimeout: 20_000,
    // Each has a board of its own, which mostly waits. More at a time would starve each other on two cores.
    maxConcurrency: 6,
  },
});
