import Value from "typebox/value";
import { canonicalPortUrl } from "../transport/port-url.ts";
import { configSchema } from "./config-schema.ts";
import { listenAddress } from "./listen-address.ts";

/** Where the key behind a JSON pointer was given: `file:line:column`, an environment name or a flag. */
export type Place = (pointer: string) => string;

type Issue = ReturnType<typeof Value.Errors>[number];

/** Every problem of a configuration as one line each: place, key, what was expected. Empty when it is fine. */
export function configProblems(config: unknown, place: Place): readonly string[] {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    return [`${place("")}: expected keys and values such as "listen: 127.0.0.1:7380".`];
  }
  const issues = Value.Errors(configSchema, config);
  if (issues.length > 0) return [...new Set(issues.flatMap((issue) => issueText(issue, config, place)))];
  return [...listenProblems(config, place), ...portProblems(config, place)];
}

function issueText(issue: Issue, config: unknown, place: Place): string[] {
  const { instancePath, keyword } = issue;
  switch (keyword) {
    case "additionalProperties":
      return issue.params.additionalProperties.map((key) => {
        const known = keysAt(issue.schemaPath);
        const near = known.find((name) => isNear(name, key));
        const hint = near ? `Did you mean "${near}"?` : `Keys here: ${known.join(", ")}.`;
        return `${place(`${instancePath}/${key}`)}: unknown key "${key}". ${hint}`;
      });
    case "boolean":
      return []; // The same unknown key once more.
    case "required":
      return issue.params.requiredProperties.map(
        (key) => `${place(instancePath)}: the key "${key}" is missing${nameOf(instancePath)}.`,
      );
    case "enum":
      return [
        `${place(instancePath)}: ${keyOf(instancePath)} must be one of ${issue.params.allowedValues.join(", ")}${found(config, instancePath)}.`,
      ];
    case "pattern":
      return [
        `${place(instancePath)}: ${keyOf(instancePath)} must look like HOST:PORT${found(config, instancePath)}.`,
      ];
    default:
      return [
        `${place(instancePath)}: ${keyOf(instancePath)} ${issue.message}${found(config, instancePath)}.`,
      ];
  }
}

function listenProblems(config: object, place: Place): string[] {
  try {
    listenAddress(String(valueAt(config, "/listen")));
    return [];
  } catch (error) {
    return [`${place("/listen")}: ${messageOf(error)}`];
  }
}

/** Ports that cannot be opened, or are given twice. */
function portProblems(config: unknown, place: Place): string[] {
  const seen = new Map<string, number>();
  return listOf(config, "boards").flatMap((board, index) => {
    const pointer = `/boards/${index}/port`;
    const port = valueAt(board, "/port");
    let url: string;
    try {
      url = canonicalPortUrl(String(port));
    } catch (error) {
      return [`${place(pointer)}: ${messageOf(error)}`];
    }
    const before = seen.get(url);
    seen.set(url, index);
    return before === undefined
      ? []
      : [`${place(pointer)}: ${url} is already board ${before + 1} of the list.`];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function keyOf(pointer: string): string {
  return `"${pointer.slice(1).replaceAll("/", ".")}"`;
}

function nameOf(pointer: string): string {
  return pointer === "" ? "" : ` in ${pointer.slice(1).replaceAll("/", ".")}`;
}

function found(config: unknown, pointer: string): string {
  const value = valueAt(config, pointer);
  return value === undefined ? "" : `, not ${JSON.stringify(value)}`;
}

function valueAt(tree: unknown, pointer: string): unknown {
  let value = tree;
  for (const key of pointer.split("/").slice(1)) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function listOf(tree: unknown, key: string): readonly unknown[] {
  const list = valueAt(tree, `/${key}`);
  return Array.isArray(list) ? list : [];
}

/** The keys that the object schema at `schemaPath` (`#/properties/log`) knows. */
function keysAt(schemaPath: string): string[] {
  const properties = valueAt(configSchema, `${schemaPath.replace(/^#/, "")}/properties`);
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** At most two letters differ. */
function isNear(one: string, other: string): boolean {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one.toLowerCase()].entries()) {
    const next = [i + 1];
    for (const [j, otherLetter] of [...other.toLowerCase()].entries()) {
      const change = (row[j] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) <= 2;
}
