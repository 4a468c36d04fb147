import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

export interface CallerHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/**
 * Keeps web pages away from a local daemon (DESIGN decision 10); programs are not concerned. Host must be a loopback
 * name or one of `allowedHosts`: a page whose own name was rebound to 127.0.0.1 still says its own name. Origin, which
 * browsers send with WebSockets and everything that changes state, must be the same host and port as Host, or absent.
 *
 * Gives `host-refused`, `origin-refused`, or undefined where the request may pass.
 */
export function foreignCaller(
  { host, origin }: CallerHeaders,
  allowedHosts: readonly string[],
): HeapscopeError | undefined {
  // Only what a Host header may hold: "http://x@localhost" would parse, and name localhost.
  const called = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? parsed(`http://${host}`) : undefined;
  if (called === undefined || !isOurs(called.hostname, allowedHosts)) {
    return heapscopeError("host-refused", { host: shown(host ?? "") });
  }
  if (origin === undefined) return undefined;
  const page = parsed(origin);
  // By host, not by scheme: behind a proxy that ends TLS the page is https and we are http.
  const samePlace = page !== undefined && page.host === parsed(`${page.protocol}//${host}`)?.host;
  return samePlace ? undefined : heapscopeError("origin-refused", { origin: shown(origin) });
}

function isOurs(hostname: string, allowedHosts: readonly string[]): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname) ||
    allowedHosts.some((allowed) => hostname === hostnameOf(allowed))
  );
}

/** As WHATWG URLs write it: lower case, IPv6 in brackets. */
function hostnameOf(host: string): string {
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return parsed(`http://${bracketed}`)?.hostname ?? host;
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function shown(header: string): string {
  return header.slice(0, 100);
}
