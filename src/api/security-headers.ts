import helmet from "@fastify/helmet";
import type { App } from "./app-type.ts";

/**
 * What browsers may do with our pages: load scripts, styles and data from here and from nowhere else, and show them in no
 * frame. /docs has its own, looser about styles (openapi.ts). No HSTS and no upgrade to https: TLS is a proxy's business,
 * which then says so itself.
 */
export async function sendSecurityHeaders(app: App): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        // Some browsers' 'self' does not hold for ws:, so it is named.
        "connect-src": ["'self'", ({ headers }) => feedSources(headers.host)],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "script-src-attr": ["'none'"],
      },
    },
    frameguard: { action: "deny" },
    hsts: false,
    referrerPolicy: { policy: "no-referrer" },
  });
}

/** A foreign Host is refused, but this header is made before that. An address of IPv6 is no source that CSP knows. */
function feedSources(host = ""): string {
  return /^[\w.-]+(:\d+)?$/.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
