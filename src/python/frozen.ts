import { type ParsedModule, parseModule, type SyntaxNode } from "./parsed-module.ts";
import { argumentsOf, calledName, childrenOf, literalText, nodesOf } from "./tree.ts";

/** What a manifest freezes. Paths are relative to the manifest's folder, with `/`, without `.` or an end `/`. */
export type Frozen =
  | { readonly kind: "file"; readonly path: string }
  /** Every file below the folder; `""`: the manifest's own. */
  | { readonly kind: "folder"; readonly path: string };

/**
 * What the text of a MicroPython `manifest.py` freezes by `module`, `package`, `freeze`, `freeze_as_mpy` and the other
 * forms of `freeze`, as far as it says so in literals. Places such as `$(PORT_DIR)` and what `include` and `require`
 * bring are left out. Source: https://docs.micropython.org/en/latest/reference/manifest.html
 */
export function frozenModules(manifestText: string): readonly Frozen[] {
  const module = parseModule("manifest.py", manifestText);
  return nodesOf(module.tree.topNode, ["CallExpression"])
    .flatMap((call) => frozenBy(module, call))
    .filter(({ path }) => !path.includes("$("));
}

/** Whether the file at `path`, relative to the manifest's folder, is frozen. */
export function isFrozen(frozen: readonly Frozen[], path: string): boolean {
  const plain = plainPath(path);
  return frozen.some((entry) => {
    if (entry.kind === "file") return entry.path === plain;
    return entry.path === "" || plain.startsWith(`${entry.path}/`);
  });
}

const freezing = ["freeze", "freeze_as_mpy", "freeze_as_str", "freeze_mpy"];

function frozenBy(module: ParsedModule, call: SyntaxNode): readonly Frozen[] {
  const name = calledName(module, call) ?? "";
  const all = argumentsOf(module, call);
  const given = (position: number, keyword: string): SyntaxNode | undefined =>
    all.find((argument) => argument.keyword === keyword)?.value ??
    all.filter((argument) => argument.keyword === null && !argument.isSpread)[position]?.value;
  if (name === "module") {
    return textsOf(module, given(0, "module_path")).flatMap((path) =>
      inFolder(baseOf(module, given(1, "base_path")), [path]),
    );
  }
  if (name === "package") {
    const base = baseOf(module, given(2, "base_path"));
    return textsOf(module, given(0, "package_path")).flatMap((path) =>
      below(module, base === null ? null : join(base, path), given(1, "files")),
    );
  }
  if (!freezing.includes(name)) return [];
  return below(module, baseOf(module, given(0, "path"), null), given(1, "script"));
}

/** A folder's files: those named, or all where none is. Nothing where a name is no literal. */
function below(
  module: ParsedModule,
  folder: string | null,
  files: SyntaxNode | undefined,
): readonly Frozen[] {
  if (folder === null) return [];
  if (files === undefined || files.name === "None") return [{ kind: "folder", path: plainPath(folder) }];
  return inFolder(folder, textsOf(module, files));
}

const inFolder = (folder: string | null, names: readonly string[]): readonly Frozen[] =>
  folder === null
    ? []
    : names.map((name) => ({
        kind: /\.(py|mpy)$/.test(name) ? "file" : "folder",
        path: plainPath(join(folder, name)),
      }));

/** The folder an argument says; `missing` where there is none; null where it cannot be known. */
function baseOf(
  module: ParsedModule,
  value: SyntaxNode | undefined,
  missing: string | null = "",
): string | null {
  return value === undefined ? missing : literalText(module, value);
}

/** A literal, or each literal of a tuple or list. */
function textsOf(module: ParsedModule, value: SyntaxNode | undefined): readonly string[] {
  if (value === undefined) return [];
  const parts =
    value.name === "TupleExpression" || value.name === "ArrayExpression" ? childrenOf(value) : [value];
  return parts.flatMap((part) => literalText(module, part) ?? []);
}

const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
