import { heapscopeError } from "../shared/errors.ts";

const path = "/api/v1/feed";

/** Where the daemon at `url` (`http:`, `https:`, `ws:` or `wss:`) has its feed. Throws `usage` where it is no such address. */
export function feedUrl(url: string): string {
  if (!/^(?:https?|wss?):\/\//.test(url) || !URL.canParse(url)) {
    throw heapscopeError("usage", {
      detail: `"${url}" is no address of a daemon, such as http://127.0.0.1:7380.`,
    });
  }
  return new URL(path, url).href.replace(/^http/, "ws");
}
