import type { FastifySchemaCompiler } from "fastify";
import { IsObject, type TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

const partNames: Readonly<Record<string, string>> = {
  querystring: "query parameter",
  params: "path part",
  body: "body key",
};

type Properties = Readonly<Record<string, TSchema & ExpectationHints>>;

/** The parts of a property's schema that the sentence about a wrong value uses. */
interface ExpectationHints {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/**
 * Fastify's validator for query, path and body. Text of a query or path becomes a number or boolean only where it is
 * written as one ("10", "true"), a date ("2026-11-22") a time where one is asked for: its beginning, UTC; a body is taken as
 * it is. What does not fit is `request-invalid`, naming the
 * parameter, what was given and what is expected.
 */
export const requestValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = "" }) => {
  const compiled = Compile(schema);
  const properties: Properties = IsObject(schema) ? schema.properties : {};
  const partName = partNames[httpPart] ?? httpPart;
  const isText = httpPart !== "body";

  return (given: unknown) => {
    const value = given === undefined || given === null ? {} : given;
    if (!isRecord(value)) return { error: invalid(`the ${httpPart} must be a JSON object`) };
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(properties, name)) continue;
      const known = Object.keys(properties).join(", ");
      return { error: invalid(`unknown ${partName} "${name}"; known: ${known === "" ? "none" : known}`) };
    }
    const typed = isText ? fromText(value, properties) : value;
    if (compiled.Check(typed)) return { value: typed };
    const [first] = compiled.Errors(typed);
    const name = first?.instancePath.split("/")[1];
    const property = name === undefined ? undefined : properties[name];
    if (name === undefined || property === undefined) {
      return { error: invalid(`the ${httpPart} ${first?.message ?? "does not fit"}`) };
    }
    const shown = JSON.stringify(value[name]).slice(0, 100);
    return { error: invalid(`${partName} "${name}" is ${shown}; expected is ${expectation(property)}`) };
  };
};

function invalid(detail: string): HeapscopeError {
  return heapscopeError("request-invalid", { detail });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromText(
  values: Readonly<Record<string, unknown>>,
  properties: Properties,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, valueOfText(text, properties[name] ?? {})]),
  );
}

function valueOfText(text: unknown, { type, format }: ExpectationHints): unknown {
  if (typeof text !== "string") return text;
  if (format === "date-time" && /^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00:00Z`;
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function expectation(hints: ExpectationHints): string {
  const { type, format, minimum, exclusiveMinimum, maximum, minLength, maxLength } = hints;
  if (hints.enum !== undefined) return `one of ${hints.enum.join(", ")}`;
  if (format === "date-time")
    return "one time with its zone, such as 2026-11-22T17:00:00Z, or one date, such as 2026-11-22 (UTC)";
  if (type === "boolean") return "true or false";
  if (type === "integer") {
    if (minimum !== undefined && maximum !== undefined)
      return `one whole number from ${minimum} to ${maximum}`;
    return minimum === undefined ? "one whole number" : `one whole number not below ${minimum}`;
  }
  if (type === "number" && maximum !== undefined) {
    if (exclusiveMinimum !== undefined) return `one number above ${exclusiveMinimum}, at most ${maximum}`;
    if (minimum !== undefined) return `one number from ${minimum} to ${maximum}`;
  }
  if (minLength !== undefined && maxLength !== undefined) return `${minLength} to ${maxLength} characters`;
  return `one ${type ?? "value"}`;
}
