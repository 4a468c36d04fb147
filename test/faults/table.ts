import { readFileSync, writeFileSync } from "node:fs";
import { type WhenBusy, whenBusyPolicies } from "../../src/board/when-busy.ts";
import type { Row } from "./row.ts";

const README = `${import.meta.dirname}/../../README.md`;
/** What stands between them is written anew. */
const [BEGIN, END] = ["<!-- fault matrix -->", "<!-- end of the fault matrix -->"];

/** How the cells are to be read. One sentence per paragraph; each states how it was measured. */
export const legend = [
  "Cells: what becomes of it · readings lost · time from the fault to the next stored reading. The largest of all positions " +
    "that were tried; times are the daemon's, at a reading per second (every two for applications), so at the default of ten " +
    "a reading lost is rarely more than one. Where a range has 0, some positions cost nothing.",
  "`skip` is tried on a board at its prompt, the others on one whose program holds it, so that faults also hit Ctrl-C, the " +
    "restart and the line that resumes. With `interrupt`, 3 s are what it takes to find out that the prompt is held.",
  "Single bytes: under `skip` each one of an exchange, both ways; under the others every 9th or 11th from the board, every " +
    "2nd to 5th to it. The emulated link damages what the board says; what the host says is damaged on its way to the port.",
  "In every cell: no figure was stored that was not the board's, no Ctrl-C was sent under `skip`, and the program was as the " +
    "policy promises afterwards; else the run fails.",
  "`attach`: the board restarted within a minute of a Ctrl-C that was to stop its program for good. That may be a watchdog, so " +
    "it is left alone, and says so, until `heapscope attach`.",
];

/** The matrix as a Markdown table. */
export function tableOf(rows: readonly Row[], cell: (row: Row, policy: WhenBusy) => string): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["fault", ...whenBusyPolicies.map((policy) => `\`${policy}\``)]),
    line(["---", ...whenBusyPolicies.map(() => "---")]),
    ...rows.map((row) => line([row.fault, ...whenBusyPolicies.map((policy) => cell(row, policy))])),
  ].join("\n");
}

/** Puts the matrix into the README, between its two markers. */
export function writeIntoReadme(table: string): void {
  const readme = readFileSync(README, "utf8");
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  const text = `${BEGIN}\n\n${table}\n\n${legend.join("\n\n")}\n\n`;
  writeFileSync(README, readme.slice(0, begin) + text + readme.slice(end));
}
