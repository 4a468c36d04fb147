import { configSchema } from "./config-schema.ts";

/**
 * The configuration's JSON schema for editors. `required` names only keys without a default: what the schema calls
 * required has been filled in before it is checked, but in a file most keys may be left out.
 */
export function editorSchema(): unknown {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...asObject(withoutDefaulted(JSON.parse(JSON.stringify(configSchema)))),
  };
}

function withoutDefaulted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaulted);
  if (typeof schema !== "object" || schema === null) return schema;
  const result = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === "default" ? value : withoutDefaulted(value)]),
  );
  const { required, properties, ...rest } = result;
  if (!Array.isArray(required)) return result;
  const keys = asObject(properties);
  const left = required.filter((key) => !("default" in asObject(keys[String(key)])));
  return { ...rest, properties, ...(left.length > 0 && { required: left }) };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
