import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const { REQUIRE_PROMTOOL } = process.env;
const isHere = spawnSync("promtool", ["--version"]).error === undefined;

/**
 * A test that needs promtool (Debian package `prometheus`). Where it is not installed, the test is skipped; with
 * `REQUIRE_PROMTOOL=1` it fails.
 */
export function promtoolTest(name: string, work: () => Promise<void>): void {
  if (isHere) test(name, work);
  else if (REQUIRE_PROMTOOL === "1") {
    test(name, () =>
      expect.fail("REQUIRE_PROMTOOL=1, but promtool is not installed (apt install prometheus)"),
    );
  } else test.skip(`${name}: promtool is not installed (apt install prometheus)`, work);
}

/** What promtool said and how it ended. */
export function promtool(
  args: readonly string[],
  input?: string,
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}
