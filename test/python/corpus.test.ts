import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findAllocations, rewritesTogether } from "../../src/python/allocations.ts";
import { applyConstants } from "../../src/python/apply-constants.ts";
import { findConstants } from "../../src/python/constants.ts";
import { applyEdits } from "../../src/python/edits.ts";
import { importsOf } from "../../src/python/imports.ts";
import { instrument } from "../../src/python/instrument.ts";
import { parseModule } from "../../src/python/parsed-module.ts";
import { countStatements } from "../../src/python/statement-counts.ts";

const root = join(import.meta.dirname, "../..");
const files = ["firmware-helpers", "test"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".py") && !name.includes("applications/broken"))
    .map((name) => join(folder, name)),
);
const modules = files.map((file) => parseModule(file, readFileSync(join(root, file), "utf8")));

test("the files of this repository are there", () => {
  expect(files.length).toBeGreaterThan(20);
});

test.each(modules.map((module) => [module.file, module] as const))(
  "%s can be read and changed",
  (_, module) => {
    expect(module.syntaxErrors).toEqual([]);
    expect(new Set(importsOf(module).map(({ from }) => from)).size).toBe(
      [...module.text.matchAll(/^\s*(from|import)\s/gm)].length,
    );
    const others = modules.filter((other) => other !== module);
    const sites = findAllocations(module);
    const edits = rewritesTogether(sites);
    for (const text of [
      applyConstants(module, findConstants(module, others)),
      applyEdits(module.text, edits),
      instrument(module, sites).text,
      instrument(module, sites, edits).text,
      countStatements(module, { statement: 1, loop: 0 })?.text ?? "",
    ]) {
      expect(parseModule(module.file, text).syntaxErrors).toEqual([]);
    }
  },
);

test("the helpers for the board and the clean application, which leave no garbage, have no hot site", () => {
  const clean = ["firmware-helpers", "test/fixtures/applications/clean"];
  const helpers = modules.filter(({ file }) => clean.some((folder) => file.startsWith(folder)));
  expect(helpers.flatMap(findAllocations).filter(({ isHot }) => isHot)).toEqual([]);
});
