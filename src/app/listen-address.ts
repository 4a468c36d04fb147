import { isIP } from "node:net";
import { heapscopeError } from "../shared/errors.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Splits `HOST:PORT`. Throws `usage` for a port beyond 65535 and `address-public` for a host that other machines can reach: there are no tokens yet. */
export function listenAddress(listen: string): ListenAddress {
  const colon = listen.lastIndexOf(":");
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, "");
  if (!isLoopback(host)) throw heapscopeError("address-public", { address: listen });
  const port = Number(listen.slice(colon + 1));
  if (port > 65_535) throw heapscopeError("usage", { detail: `${port} is no port number (0 to 65535).` });
  return { host, port };
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
