import { concatBytes } from "../shared/bytes.ts";

/** What a seeker made of one chunk. */
export interface Sought<Name extends string> {
  /** Bytes that belong to no pattern, some of them perhaps held back from earlier chunks. */
  readonly before: Uint8Array;
  /** The pattern that was completed, and how many bytes of the chunk were used up to its end. */
  readonly found: { readonly name: Name; readonly usedBytes: number } | null;
}

interface Pattern<Name extends string> {
  readonly name: Name;
  readonly bytes: Uint8Array;
  readonly fallback: Uint8Array;
}

/**
 * Looks for the first of several short byte patterns in a stream. Chunk borders mean nothing: what may be the
 * beginning of a pattern is held back until it is known to be none. Work is linear: each byte is compared once per
 * pattern (Knuth–Morris–Pratt).
 */
export class ByteSeeker<Name extends string> {
  readonly #patterns: readonly Pattern<Name>[];
  /** How much of each pattern the stream's end matches. */
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

  /** Takes the next bytes of the stream. After a find it starts anew; the rest of the chunk is the caller's. */
  seek(chunk: Uint8Array): Sought<Name> {
    const held = this.#held();
    for (let at = 0; at < chunk.length; at++) {
      const pattern = this.#step(chunk[at]);
      if (!pattern) continue;
      const seen = concatBytes([held, chunk.subarray(0, at + 1)]);
      this.#matched.fill(0);
      return {
        before: seen.subarray(0, seen.length - pattern.bytes.length),
        found: { name: pattern.name, usedBytes: at + 1 },
      };
    }
    const seen = held.length === 0 ? chunk : concatBytes([held, chunk]);
    return { before: seen.subarray(0, seen.length - this.#held().length), found: null };
  }

  /** Gives back what was held, for there will be no more of the stream. */
  release(): Uint8Array {
    const held = this.#held();
    this.#matched.fill(0);
    return held;
  }

  /** Moves every pattern on by one byte; returns the first that is complete. */
  #step(byte: number | undefined): Pattern<Name> | undefined {
    let complete: Pattern<Name> | undefined;
    for (let index = 0; index < this.#patterns.length; index++) {
      const pattern = this.#patterns[index];
      if (!pattern) continue;
      let matched = this.#matched[index] ?? 0;
      while (matched > 0 && pattern.bytes[matched] !== byte) matched = pattern.fallback[matched - 1] ?? 0;
      if (pattern.bytes[matched] === byte) matched++;
      this.#matched[index] = matched;
      if (matched === pattern.bytes.length) complete ??= pattern;
    }
    return complete;
  }

  /** The longest end of the stream that may begin a pattern. */
  #held(): Uint8Array {
    let longest: Uint8Array = new Uint8Array(0);
    for (const [index, pattern] of this.#patterns.entries()) {
      const matched = this.#matched[index] ?? 0;
      if (matched > longest.length) longest = pattern.bytes.subarray(0, matched);
    }
    return longest;
  }
}

/**
 * Hands what belongs to no pattern to `unsolicited` and a find to `then`. Returns how many bytes of the chunk were used: all
 * of them where nothing was found.
 */
export function seekIn<Name extends string>(
  seeker: ByteSeeker<Name>,
  chunk: Uint8Array,
  unsolicited: (bytes: Uint8Array) => void,
  then: (found: Name) => void,
): number {
  const { before, found } = seeker.seek(chunk);
  if (before.length > 0) unsolicited(before);
  if (found) then(found.name);
  return found?.usedBytes ?? chunk.length;
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
