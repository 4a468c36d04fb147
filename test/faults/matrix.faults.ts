import { afterAll, describe, test } from "vitest";
import { type WhenBusy, whenBusyPolicies } from "../../src/board/when-busy.ts";
import { appRows } from "./apps.rows.ts";
import { byteRows } from "./bytes.rows.ts";
import { cutRows } from "./cuts.rows.ts";
import { leftoverRows } from "./leftovers.rows.ts";
import { mapRows } from "./maps.rows.ts";
import { noiseRows } from "./noise.rows.ts";
import { cellText } from "./outcome.ts";
import type { Row } from "./row.ts";
import { legend, tableOf, writeIntoReadme } from "./table.ts";

// The longest first: the end of the run is then no waiting for one.
const rows: readonly Row[] = [...byteRows, ...cutRows, ...mapRows, ...noiseRows, ...appRows, ...leftoverRows];
const cells = new Map<string, string>();
const keyOf = (row: Row, policy: WhenBusy): string => `${row.fault}, ${policy}`;

describe.concurrent("fault matrix", () => {
  for (const row of rows) {
    for (const policy of whenBusyPolicies) {
      test(keyOf(row, policy), async () => {
        cells.set(keyOf(row, policy), cellText(await row.run(policy)));
      });
    }
  }
});

afterAll(() => {
  const table = tableOf(rows, (row, policy) => cells.get(keyOf(row, policy)) ?? "FAILED");
  console.log(`${table}\n\n${legend.join("\n")}`);
  const isWhole = cells.size === rows.length * whenBusyPolicies.length;
  if (process.env["WRITE_MATRIX"] === "1" && isWhole) writeIntoReadme(table);
});
