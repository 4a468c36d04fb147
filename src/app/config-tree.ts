/** The value at a JSON pointer (`/boards/0/port`); undefined where there is none. */
export function valueAt(tree: unknown, pointer: string): unknown {
  let value = tree;
  for (const key of pointer.split("/").slice(1)) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** The list at `key`; empty where there is none. */
export function listOf(tree: unknown, key: string): readonly unknown[] {
  const list = valueAt(tree, `/${key}`);
  return Array.isArray(list) ? list : [];
}

/** `/boards/0/port` as people write it: `boards[0].port`. */
export function keyOf(pointer: string): string {
  return pointer
    .slice(1)
    .split("/")
    .map((key, depth) => (/^\d+$/.test(key) ? `[${key}]` : depth === 0 ? key : `.${key}`))
    .join("");
}
