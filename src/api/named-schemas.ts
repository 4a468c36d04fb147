/**
 * `value` with every object schema that has a title replaced by a reference to `#/components/schemas/TITLE`, and the schema
 * itself put into `schemas`: there generators of clients look for names.
 */
export function withNamedSchemas(value: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => withNamedSchemas(item, schemas));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, withNamedSchemas(inner, schemas)] as const,
  );
  const copy = Object.fromEntries(entries);
  const { title, type } = copy;
  if (typeof title !== "string" || type !== "object") return copy;
  schemas[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}
