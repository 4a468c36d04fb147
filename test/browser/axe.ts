/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, serious or critical, as "rule: what (where)". */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  // Through the debugger: the page's policy lets no script in.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: readonly AxeFault[] }> } }
    ).axe.run();
    interface AxeFault {
      readonly id: string;
      readonly impact: string | null;
      readonly help: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 140)).join(" | ")})`,
      );
  });
}
