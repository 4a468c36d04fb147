import { test } from "vitest";
import { killAtRandom } from "../support/kill-daemon.ts";

test("a daemon killed 50 times at random loses nothing", { timeout: 120_000 }, () => killAtRandom(50));
