const sizes: Readonly<Record<string, number>> = {
  ...{ x: 1, c: 1, b: 1, B: 1, "?": 1, s: 1, h: 2, H: 2, e: 2 },
  ...{ i: 4, I: 4, l: 4, L: 4, f: 4, q: 8, Q: 8, d: 8 },
};

/**
 * Bytes that a format of `struct` takes, where it says its byte order and so is the same on every machine; null for
 * others. Source: https://docs.python.org/3/library/struct.html#format-characters
 */
export function structSize(format: string): number | null {
  const match = /^[<>!]((?:\d*[a-zA-Z?]\s*)*)$/.exec(format);
  if (match === null) return null;
  let size = 0;
  for (const [, count = "", letter = ""] of (match[1] ?? "").matchAll(/(\d*)([a-zA-Z?])/g)) {
    const one = Object.hasOwn(sizes, letter) ? sizes[letter] : undefined;
    if (one === undefined) return null;
    size += one * (count === "" ? 1 : Number(count));
  }
  return size;
}
