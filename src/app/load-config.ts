import { readFileSync } from "node:fs";
import Value from "typebox/value";
import { type Document, LineCounter, parseDocument } from "yaml";
import { heapscopeError } from "../shared/errors.ts";
import { configProblems, type Place } from "./config-problems.ts";
import { type Config, configSchema } from "./config-schema.ts";
import { environmentSettings, overlay, type Setting } from "./config-sources.ts";
import { offsetInScalar } from "./scalar-offset.ts";

export { expandHome } from "./expand-home.ts";

export interface ConfigSources {
  /** YAML file; null = none. */
  readonly file: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: readonly Setting[];
}

/**
 * The configuration from file, environment and flags, weakest first. Throws `file-unreadable` or `config-invalid`
 * with every problem on a line of its own: file, line, column, key, what was expected.
 */
export function loadConfig(sources: ConfigSources): Config {
  const source = sources.file === null ? null : readYaml(sources.file);
  const environment = environmentSettings(sources.env);
  const settings = [...environment.settings, ...sources.flags];
  const merged = overlay(source?.document.toJS() ?? {}, settings);
  const origins = new Map(settings.map(({ path, origin }) => [`/${path.join("/")}`, origin]));
  const place: Place = (pointer, offset) =>
    originOf(origins, pointer) ?? source?.place(pointer, offset) ?? "configuration";
  const filled = Value.Default(configSchema, merged);
  const problems = [
    ...environment.unknown.map(
      (name) => `${name}: no such setting. "heapscope check-config --help" lists them.`,
    ),
    ...configProblems(filled, place),
  ];
  if (problems.length > 0) throw heapscopeError("config-invalid", { problems: problems.join("\n") });
  // configProblems() found none, so the value has the schema's type.
  return filled as Config;
}

/** The setting that gave `pointer`, or something around it: `--port` gives all of `/boards`. */
function originOf(origins: ReadonlyMap<string, string>, pointer: string): string | undefined {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const origin = origins.get(at);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function readYaml(file: string): { readonly document: Document; readonly place: Place } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw heapscopeError("file-unreadable", {
      file,
      reason: reason === "ENOENT" ? "there is no such file" : reason,
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken) {
    const detail = (broken.message.split(" at line ")[0] ?? broken.message).split("\n")[0];
    throw heapscopeError("config-invalid", { problems: `${at(broken.pos[0])}: this is not YAML: ${detail}` });
  }
  const place: Place = (pointer, offset) => {
    const within = offset === undefined ? undefined : offsetInScalar(document, pointer, text, offset);
    return at(within ?? offsetOf(document, pointer));
  };
  return { document, place };
}

/** Where the key that `pointer` (`/boards/0/port`) names stands, or the nearest thing around it. */
function offsetOf(document: Document, pointer: string): number {
  const path = pointer.split("/").slice(1);
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (!isCollection(parent)) continue;
    for (const [index, item] of parent.items.entries()) {
      if (isPair(item) ? String(item.key) === key : String(index) === key) {
        return isPair(item) ? (item.key.range?.[0] ?? 0) : isRanged(item) ? item.range[0] : 0;
      }
    }
  }
  return 0;
}

interface Ranged {
  readonly range: readonly [number, number, number];
}

function isCollection(node: unknown): node is { readonly items: readonly unknown[] } {
  return typeof node === "object" && node !== null && "items" in node && Array.isArray(node.items);
}

function isPair(node: unknown): node is { readonly key: Partial<Ranged> } {
  return typeof node === "object" && node !== null && "key" in node && typeof node.key === "object";
}

function isRanged(node: unknown): node is Ranged {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}
