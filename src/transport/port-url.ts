import { heapscopeError } from "../shared/errors.ts";
import type { PortAddress } from "./port.ts";

/**
 * Reads `serial:/dev/ttyACM0`, `tcp://HOST:PORT`, or a bare device path (`/dev/…`, `COM3`).
 * Throws `port-url-invalid`.
 */
export function parsePortUrl(url: string): PortAddress {
  if (url.startsWith("serial:")) return serialAddress(url.slice("serial:".length), url);
  if (url.startsWith("tcp:")) {
    const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: "", port: "" };
    if (hostname === "" || port === "") throw heapscopeError("port-url-invalid", { port: url });
    return {
      kind: "tcp",
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port),
    };
  }
  return serialAddress(url, url);
}

/** The URL as heapscope shows it: a bare path gets its `serial:`. Throws `port-url-invalid`. */
export function canonicalPortUrl(url: string): string {
  const address = parsePortUrl(url);
  return address.kind === "serial" ? `serial:${address.path}` : url;
}

function serialAddress(path: string, url: string): PortAddress {
  const isDevice = path.startsWith("/") || /^COM[0-9]+$/i.test(path);
  if (!isDevice || path.endsWith("/")) throw heapscopeError("port-url-invalid", { port: url });
  return { kind: "serial", path };
}
