import { defineConfig } from "vitest/config";

/** The suite for boards, apart from `npm test`: it wants a board, or minutes of patience, or QEMU. */
export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    include: ["test/hardware/**/*.hardware.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A board has one port, and real time counts here.
    fileParallelism: false,
  },
});
