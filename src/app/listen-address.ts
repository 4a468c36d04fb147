import { isIP } from "node:net";
import { heapscopeError } from "../shared/errors.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Splits `HOST:PORT`. Throws `address-public` for a host that other machines can reach: there are no tokens yet. */
export function listenAddress(listen: string): ListenAddress {
  const colon = listen.lastIndexOf(":");
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, "");
  if (!isLoopback(host)) throw heapscopeError("address-public", { address: listen });
  return { host, port: Number(listen.slice(colon + 1)) };
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
