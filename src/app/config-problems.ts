import { Settings } from "typebox/system";
import Value from "typebox/value";
import { isNear } from "../shared/is-near.ts";
import { accessProblems } from "./access-problems.ts";
import { alertProblems } from "./alert-problems.ts";
import { boardProblems } from "./board-problems.ts";
import { configSchema } from "./config-schema.ts";
import { keyOf, valueAt } from "./config-tree.ts";
import { listenAddress } from "./listen-address.ts";

/**
 * Where the key behind a JSON pointer was given: `file:line:column`, an environment name or a flag. With `offset`: where
 * that character of the key's text stands.
 */
export type Place = (pointer: string, offset?: number) => string;

type Issue = ReturnType<typeof Value.Errors>[number];

interface Problem {
  readonly place: string;
  readonly text: string;
}

/**
 * Every problem of a configuration as one line each: place, key, what was expected. Those with a place in the file
 * come last, in the order of its lines. Empty when it is fine.
 */
export function configProblems(config: unknown, place: Place): readonly string[] {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    return [`${place("")}: expected keys and values such as "listen: 127.0.0.1:7380".`];
  }
  const issues = allIssues(config);
  // What has the wrong type already has its line; the rest is worth a second look.
  const broken = new Set(issues.map(({ instancePath }) => instancePath));
  const problems = [
    ...issues.flatMap((issue) => issueProblems(issue, config, place)),
    ...listenProblems(config, broken, place),
    ...accessProblems(config, broken).map(({ pointer, text }) => ({ place: place(pointer), text })),
    ...boardProblems(config, broken).map(({ pointer, text }) => ({ place: place(pointer), text })),
    ...alertProblems(config, broken).map(({ pointer, offset, text }) => ({
      place: place(pointer, offset),
      text,
    })),
  ];
  return [...new Set(problems.sort(byLine).map(({ place, text }) => `${place}: ${text}`))];
}

/** TypeBox by itself stops at the eighth, to guard servers; a person mends a file in one go. */
function allIssues(config: object): Issue[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: Number.POSITIVE_INFINITY });
  try {
    return Value.Errors(configSchema, config);
  } finally {
    Settings.Set({ maxErrors });
  }
}

/** Variables and flags have no line and keep their order, before the file's. */
function byLine(one: Problem, other: Problem): number {
  const [line, column] = lineAndColumn(one.place);
  const [otherLine, otherColumn] = lineAndColumn(other.place);
  return line - otherLine || column - otherColumn;
}

function lineAndColumn(place: string): readonly [line: number, column: number] {
  const [, line = "0", column = "0"] = /:(\d+):(\d+)$/.exec(place) ?? [];
  return [Number(line), Number(column)];
}

function issueProblems(issue: Issue, config: unknown, place: Place): Problem[] {
  const { instancePath, keyword } = issue;
  const here = place(instancePath);
  const mustBe = (expected: string): Problem[] => [
    { place: here, text: `"${keyOf(instancePath)}" ${expected}${found(config, instancePath)}.` },
  ];
  switch (keyword) {
    case "additionalProperties":
      return issue.params.additionalProperties.map((key) => {
        const known = keysAt(issue.schemaPath);
        const near = known.find((name) => isNear(name, key));
        const hint = near ? `Did you mean "${near}"?` : `Keys here: ${known.join(", ")}.`;
        return { place: place(`${instancePath}/${key}`), text: `unknown key "${key}". ${hint}` };
      });
    case "boolean":
      return []; // The same unknown key once more.
    case "required":
      if (issue.schemaPath.includes("/oneOf/")) return []; // "oneOf" says it.
      return issue.params.requiredProperties.map((key) => ({
        place: here,
        text: `the key "${key}" is missing${instancePath === "" ? "" : ` in ${keyOf(instancePath)}`}.`,
      }));
    case "oneOf":
      return [{ place: here, text: eitherText(keyOf(instancePath), issue.params.passingSchemas.length) }];
    case "enum":
      return mustBe(`must be one of ${issue.params.allowedValues.join(", ")}`);
    case "pattern":
      // There are two.
      return mustBe(
        instancePath.endsWith("/helperRequest")
          ? 'must be one ASCII character other than Ctrl-C, such as "\\x05"'
          : "must look like HOST:PORT",
      );
    case "type":
      return mustBe(`must be ${[issue.params.type].flat().map(typeName).join(" or ")}`);
    case "minimum":
      return mustBe(`must be at least ${issue.params.limit}`);
    case "maximum":
      return mustBe(`must be at most ${issue.params.limit}`);
    case "minLength":
      return mustBe(`must have at least ${characters(issue.params.limit)}`);
    case "maxLength":
      return mustBe(`must have at most ${characters(issue.params.limit)}`);
    default:
      return mustBe(issue.message);
  }
}

/** The one choice there is: what says which board an entry is. */
function eitherText(entry: string, given: number): string {
  return given === 0
    ? `the key "port" is missing in ${entry}. Say which board it is by "port" or by "serialNumber".`
    : `${entry} has both "port" and "serialNumber". Keep the one that says which board it is.`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys and values",
};

/** A JSON schema type in words. */
function typeName(type: string): string {
  return typeNames[type] ?? type;
}

function characters(count: number | bigint): string {
  return Number(count) === 1 ? "1 character" : `${count} characters`;
}

function listenProblems(config: object, broken: ReadonlySet<string>, place: Place): Problem[] {
  const listen = valueAt(config, "/listen");
  if (typeof listen !== "string" || broken.has("/listen")) return [];
  try {
    listenAddress(listen);
    return [];
  } catch (error) {
    return [{ place: place("/listen"), text: messageOf(error) }];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function found(config: unknown, pointer: string): string {
  const value = valueAt(config, pointer);
  return value === undefined || mayHoldSecret(pointer) ? "" : `, not ${JSON.stringify(value)}`;
}

/** Secrets and addresses of webhooks are not for logs, whatever they were written as. */
function mayHoldSecret(pointer: string): boolean {
  return /^\/alerts\/webhooks(\/\d+(\/(secret|url))?)?$/.test(pointer);
}

/** The keys that the object schema at `schemaPath` (`#/properties/log`) knows. */
function keysAt(schemaPath: string): string[] {
  const properties = valueAt(configSchema, `${schemaPath.replace(/^#/, "")}/properties`);
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
