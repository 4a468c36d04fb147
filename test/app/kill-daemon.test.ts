import { test } from "vitest";
import { killAtRandom } from "../support/kill-daemon.ts";

test("a daemon killed 12 times at random loses nothing", { timeout: 60_000 }, () => killAtRandom(12));
