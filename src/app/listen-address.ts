import { isIP } from "node:net";
import { heapscopeError } from "../shared/errors.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Other machines can reach it. */
  readonly isPublic: boolean;
  /** It stands for every address of this machine. */
  readonly isWildcard: boolean;
}

/** Splits `HOST:PORT`. Throws `usage` for a port beyond 65535. A name counts as public, whatever it stands for. */
export function listenAddress(listen: string): ListenAddress {
  const colon = listen.lastIndexOf(":");
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, "");
  const port = Number(listen.slice(colon + 1));
  if (port > 65_535) throw heapscopeError("usage", { detail: `${port} is no port number (0 to 65535).` });
  return { host, port, isPublic: !isLoopback(host), isWildcard: isWildcard(host) };
}

function isWildcard(host: string): boolean {
  // Of IPv6 there are many spellings: [::], [0:0:0:0:0:0:0:0].
  return host === "0.0.0.0" || (isIP(host) === 6 && /^[0:]+$/.test(host));
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
