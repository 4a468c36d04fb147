/** Whether `text` has a wildcard sign in it: `*`, `?` or `[`. */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text);
}

/**
 * The wildcard `pattern` as an expression over a whole text: `*` is any run of characters but `/`, `?` one of them, `[a-z]`
 * one of a set, `[!a-z]` one outside it. A `[` that is never closed stands for itself. Node's own path.matchesGlob is
 * experimental up to 22, and warns.
 */
export function globToRegExp(pattern: string, { ignoreCase = false } = {}): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    const set = sign === "[" ? setAt(pattern, at) : null;
    if (set !== null) {
      source += set.source;
      at = set.end;
    } else if (sign === "*") {
      // Several in a row mean the same, and cost more to match.
      if (pattern.charAt(at - 1) !== "*") source += "[^/]*";
    } else {
      source += sign === "?" ? "[^/]" : escaped(sign);
    }
  }
  return new RegExp(`^${source}$`, ignoreCase ? "iu" : "u");
}

/** The set that begins with the `[` at `start`, and where its `]` stands; null where there is none. */
function setAt(pattern: string, start: number): { readonly source: string; readonly end: number } | null {
  const negated = /[!^]/.test(pattern.charAt(start + 1));
  const first = start + (negated ? 2 : 1);
  // A ] right at the start belongs to the set.
  const end = pattern.indexOf("]", first + 1);
  if (end < 0) return null;
  const signs = pattern.slice(first, end).replace(/[\\\]^[]/g, "\\$&");
  const source = negated ? `[^/${signs}]` : `(?!/)[${signs}]`;
  return isUsable(source) ? { source, end } : null;
}

/** A range can run backwards: [z-a]. */
function isUsable(source: string): boolean {
  try {
    return new RegExp(source, "u").test("") || true;
  } catch {
    return false;
  }
}

function escaped(sign: string): string {
  return sign.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
