import { globToRegExp, hasWildcard } from "../transport/glob.ts";
import { canonicalPortUrl, parsePortUrl } from "../transport/port-url.ts";
import type { BoardConfig } from "./config-schema.ts";

/** Which ports an entry of `boards` stands for. */
export type BoardSelector =
  /** One port, there or not. `path`: its device path; null = not a device of this machine. */
  | { readonly kind: "port"; readonly url: string; readonly path: string | null }
  /** Every device whose path matches. */
  | { readonly kind: "wildcard"; readonly pattern: string }
  /** Every USB device whose serial number matches; null = has none. `text`: as it was given. */
  | {
      readonly kind: "serial-number";
      readonly text: string;
      readonly matches: (serialNumber: string | null) => boolean;
    };

/** Reads which ports an entry stands for. Throws `port-url-invalid`. */
export function selectorOf({
  port,
  serialNumber,
}: Pick<BoardConfig, "port" | "serialNumber">): BoardSelector {
  if (serialNumber !== undefined) {
    const wanted = globToRegExp(serialNumber, { ignoreCase: true });
    const matches = (found: string | null): boolean => found !== null && wanted.test(found);
    return { kind: "serial-number", text: serialNumber, matches };
  }
  const address = parsePortUrl(port ?? "");
  if (address.kind === "serial" && hasWildcard(address.path)) {
    return { kind: "wildcard", pattern: address.path };
  }
  const path = address.kind === "serial" ? address.path : null;
  return { kind: "port", url: canonicalPortUrl(port ?? ""), path };
}

/** What an entry names, for people: a URL, a pattern, or `serial number E66141*`. */
export function selectorText(selector: BoardSelector): string {
  switch (selector.kind) {
    case "port":
      return selector.path ?? selector.url;
    case "wildcard":
      return selector.pattern;
    case "serial-number":
      return `serial number ${selector.text}`;
  }
}

/** Whether an entry may stand for more than one board. */
export function isPlural(selector: BoardSelector): boolean {
  if (selector.kind === "serial-number") return hasWildcard(selector.text);
  return selector.kind === "wildcard";
}
