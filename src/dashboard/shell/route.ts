/** What the page shows; it stands in the address after `#`, so that it can be linked, reloaded and gone back from. */
export type Route =
  | { readonly kind: "overview" }
  | { readonly kind: "board"; readonly boardId: string; readonly range: RangeName }
  /** Ids of two readings with maps; null: not chosen. */
  | {
      readonly kind: "compare";
      readonly boardId: string;
      readonly from: number | null;
      readonly to: number | null;
    }
  | { readonly kind: "console"; readonly boardId: string }
  | { readonly kind: "unknown"; readonly path: string };

/** How far charts look back, ms. */
export const ranges = {
  "1h": 3_600_000,
  "6h": 6 * 3_600_000,
  "24h": 24 * 3_600_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
} as const;
export type RangeName = keyof typeof ranges;
export const defaultRange: RangeName = "1h";

/** `hash`: as `location.hash` has it. */
export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const parts = path.split("/").filter((part) => part !== "");
  const asked = new URLSearchParams(query);
  if (parts.length === 0) return { kind: "overview" };
  const boardId = decoded(parts[1] ?? "");
  if (parts[0] !== "boards" || boardId === "" || parts.length > 3) return { kind: "unknown", path };
  if (parts.length === 2) return { kind: "board", boardId, range: rangeOf(asked.get("range")) };
  if (parts[2] === "console") return { kind: "console", boardId };
  if (parts[2] === "compare")
    return { kind: "compare", boardId, from: idOf(asked.get("from")), to: idOf(asked.get("to")) };
  return { kind: "unknown", path };
}

/** The address of `route`, for `href`. */
export function hrefOf(route: Exclude<Route, { readonly kind: "unknown" }>): string {
  if (route.kind === "overview") return "#/";
  const board = `#/boards/${encodeURIComponent(route.boardId)}`;
  switch (route.kind) {
    case "board":
      return route.range === defaultRange ? board : `${board}?range=${route.range}`;
    case "console":
      return `${board}/console`;
    case "compare": {
      const ids = Object.entries({ from: route.from, to: route.to }).filter(([, id]) => id !== null);
      const query = ids.map(([name, id]) => `${name}=${id}`).join("&");
      return `${board}/compare${query === "" ? "" : `?${query}`}`;
    }
  }
}

export function isRangeName(text: string): text is RangeName {
  return Object.hasOwn(ranges, text);
}

function rangeOf(text: string | null): RangeName {
  return text !== null && isRangeName(text) ? text : defaultRange;
}

function idOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
