/** What a seeker found: which pattern, and how many bytes of the chunk were used up including the pattern. */
export interface Found<Name extends string> {
  readonly name: Name;
  readonly usedBytes: number;
}

/**
 * Looks for the first of several short byte patterns in a stream. Chunk borders mean nothing; a partial match at
 * the end of one chunk is remembered for the next. Work is linear: each byte is compared once per pattern
 * (Knuth–Morris–Pratt), and no byte is kept.
 */
export class ByteSeeker<Name extends string> {
  readonly #patterns: readonly {
    readonly name: Name;
    readonly bytes: Uint8Array;
    readonly fallback: Uint8Array;
  }[];
  readonly #matched: Uint8Array;

  constructor(patterns: Readonly<Record<Name, string>>) {
    // Object.keys() forgets that the keys of a Record<Name, …> are Names.
    const names = Object.keys(patterns) as Name[];
    this.#patterns = names.map((name) => {
      const bytes = Uint8Array.from(patterns[name], (char) => char.charCodeAt(0));
      return { name, bytes, fallback: fallbackTable(bytes) };
    });
    this.#matched = new Uint8Array(names.length);
  }

  /** The first pattern that ends in `chunk`, or undefined when all of it was used without a match. */
  seek(chunk: Uint8Array): Found<Name> | undefined {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      for (let index = 0; index < this.#patterns.length; index++) {
        const pattern = this.#patterns[index];
        if (!pattern) continue;
        let matched = this.#matched[index] ?? 0;
        while (matched > 0 && pattern.bytes[matched] !== byte) matched = pattern.fallback[matched - 1] ?? 0;
        if (pattern.bytes[matched] === byte) matched++;
        this.#matched[index] = matched;
        if (matched === pattern.bytes.length) {
          this.#matched.fill(0);
          return { name: pattern.name, usedBytes: at + 1 };
        }
      }
    }
    return undefined;
  }
}

/** For each matched length: the longest proper prefix that is also a suffix. */
function fallbackTable(pattern: Uint8Array): Uint8Array {
  const table = new Uint8Array(pattern.length);
  let prefix = 0;
  for (let at = 1; at < pattern.length; at++) {
    while (prefix > 0 && pattern[at] !== pattern[prefix]) prefix = table[prefix - 1] ?? 0;
    if (pattern[at] === pattern[prefix]) prefix++;
    table[at] = prefix;
  }
  return table;
}
