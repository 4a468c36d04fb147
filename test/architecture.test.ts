import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../src");

/** DESIGN's table: what each folder may import of ours. "types" = `import type` only. */
const mayImport: Readonly<Record<string, Readonly<Record<string, "all" | "types">>>> = {
  shared: {},
  heap: { shared: "all" },
  protocol: { shared: "all" },
  transport: { shared: "all" },
  emulator: { shared: "all", protocol: "all" },
  board: { shared: "all", protocol: "all", heap: "all", transport: "types" },
  store: { shared: "all", heap: "types" },
  alerts: { shared: "all", heap: "types" },
  analysis: { shared: "all", heap: "all" },
  python: { shared: "all" },
  lab: { shared: "all", heap: "all", emulator: "all" },
  advice: { shared: "all", heap: "all", analysis: "all", python: "all", lab: "all" },
  api: {
    shared: "all",
    store: "types",
    alerts: "types",
    analysis: "types",
    advice: "types",
    board: "types",
    heap: "types",
  },
  client: { shared: "all", api: "types" },
  app: {
    shared: "all",
    heap: "all",
    protocol: "all",
    transport: "all",
    emulator: "all",
    board: "all",
    store: "all",
    alerts: "all",
    analysis: "all",
    python: "all",
    lab: "all",
    advice: "all",
    api: "all",
    client: "all",
  },
  cli: { shared: "all", app: "all" },
  dashboard: { shared: "all", client: "all" },
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .sort();

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"(\.[^"]+\.tsx?)"/gm)].map(
    (match) => ({
      from: file,
      to: relative(root, resolve(root, dirname(file), match[2]!)),
      typeOnly: match[1] !== undefined,
    }),
  );
}

const imports = files.flatMap(importsOf);
const folderOf = (file: string): string => file.split("/")[0]!;

test("the scan sees every file and its imports", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(imports.length).toBeGreaterThan(files.length);
  for (const { to } of imports) expect(files).toContain(to);
});

test("imports go down the table", () => {
  const upward = imports.filter(({ from, to, typeOnly }) => {
    if (folderOf(from) === folderOf(to)) return false;
    const allowed = mayImport[folderOf(from)]?.[folderOf(to)];
    return allowed === undefined || (allowed === "types" && !typeOnly);
  });
  expect(upward).toEqual([]);
});

test("no file imports itself through others", () => {
  const next = new Map(files.map((file) => [file, imports.filter((edge) => edge.from === file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file) || path.includes(file)) return;
    for (const edge of next.get(file) ?? []) visit(edge.to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 401);
  expect(long).toEqual([]);
});
