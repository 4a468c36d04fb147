import { isIP } from "node:net";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";

export interface CallerHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | string[] | undefined;
  readonly "sec-fetch-mode"?: string | string[] | undefined;
}

/** By what it may be addressed, besides loopback names. */
export interface OwnHosts {
  /** Names and addresses, without port. */
  readonly allowedHosts: readonly string[];
  /** Any IP address: it listens on all of them. A rebound page says its name, never an address. */
  readonly anyIpHost: boolean;
}

/**
 * Keeps web pages away from a local daemon (DESIGN decision 10); programs are not concerned. Host must be a loopback
 * name or one of `own`: a page whose own name was rebound to 127.0.0.1 still says its own name. Origin, which
 * browsers send with WebSockets and everything that changes state, must be the same host and port as Host, or absent.
 * What an ordinary GET of a foreign page loads (an image, a script) has no Origin, but to loopback browsers say
 * Sec-Fetch-Site; only following a link from elsewhere is allowed.
 *
 * Gives `host-refused`, `origin-refused`, or undefined where the request may pass.
 */
export function foreignCaller(headers: CallerHeaders, own: OwnHosts): HeapscopeError | undefined {
  const { host, origin } = headers;
  // Only what a Host header may hold: "http://x@localhost" would parse, and name localhost.
  const called = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? parsed(`http://${host}`) : undefined;
  if (called === undefined || !isOurs(called.hostname, own)) {
    return heapscopeError("host-refused", { host: shown(host ?? "") });
  }
  if (origin === undefined) {
    return isLoadedByOther(headers)
      ? heapscopeError("origin-refused", { origin: "another site" })
      : undefined;
  }
  const page = parsed(origin);
  // By host, not by scheme: behind a proxy that ends TLS the page is https and we are http.
  const samePlace = page !== undefined && page.host === parsed(`${page.protocol}//${host}`)?.host;
  return samePlace ? undefined : heapscopeError("origin-refused", { origin: shown(origin) });
}

function isLoadedByOther(headers: CallerHeaders): boolean {
  const site = headers["sec-fetch-site"];
  return (site === "cross-site" || site === "same-site") && headers["sec-fetch-mode"] !== "navigate";
}

function isOurs(hostname: string, { allowedHosts, anyIpHost }: OwnHosts): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname) ||
    (anyIpHost && isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) ||
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
