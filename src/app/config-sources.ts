import type { TSchema } from "typebox";
import { parse } from "yaml";
import { configSchema } from "./config-schema.ts";

/** A value for one key, and where it came from (`HEAPSCOPE_LISTEN`, `--listen`) for error texts. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: string;
}

const PREFIX = "HEAPSCOPE_";

/** Read by commands, so no settings: which file to load, and with which token to ask a daemon. */
const FOR_COMMANDS: ReadonlySet<string> = new Set([`${PREFIX}CONFIG`, `${PREFIX}TOKEN`]);

/**
 * The settings in the environment: `HEAPSCOPE_` and the key in capitals, with `_` between words and levels
 * (`HEAPSCOPE_SAMPLING_READ_INTERVAL_SECONDS=5`). `HEAPSCOPE_CONFIG` and `HEAPSCOPE_TOKEN` are none of them. Also the `HEAPSCOPE_…` names that mean nothing.
 */
export function environmentSettings(env: Readonly<Record<string, string | undefined>>): {
  readonly settings: readonly Setting[];
  readonly unknown: readonly string[];
} {
  const keys = environmentKeys();
  const settings: Setting[] = [];
  const unknown: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined || FOR_COMMANDS.has(name)) continue;
    const key = keys.get(name);
    if (key) settings.push({ path: key.path, value: key.isText ? text : parse(text), origin: name });
    else unknown.push(name);
  }
  return { settings, unknown };
}

/** Every environment name and its key. Lists cannot be given this way. */
export function environmentKeys(): ReadonlyMap<
  string,
  { readonly path: readonly string[]; readonly isText: boolean }
> {
  return new Map(
    scalarKeys(configSchema, []).map(({ path, isText }) => [
      PREFIX + path.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join("_"),
      { path, isText },
    ]),
  );
}

function scalarKeys(
  schema: TSchema,
  path: readonly string[],
): { path: readonly string[]; isText: boolean }[] {
  if ("properties" in schema) {
    const properties = schema.properties as Readonly<Record<string, TSchema>>;
    return Object.entries(properties).flatMap(([key, inner]) => scalarKeys(inner, [...path, key]));
  }
  if ("items" in schema) return [];
  return [{ path, isText: ("type" in schema && schema.type === "string") || "enum" in schema }];
}

/** `tree` with `settings` laid over it, last one strongest. `tree` itself stays as it is. */
export function overlay(tree: unknown, settings: readonly Setting[]): unknown {
  const result: unknown = structuredClone(tree ?? {});
  for (const { path, value } of settings) {
    let place = result;
    for (const [depth, key] of path.entries()) {
      if (!isObject(place)) break;
      if (depth === path.length - 1) place[key] = value;
      else place = place[key] ??= {};
    }
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
