import type { Logger } from "pino";
import { isExpired } from "../api/access.ts";
import type { ApiDeps, LastError } from "../api/api-deps.ts";
import type { Clock } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { Config } from "./config-schema.ts";
import { expandHome } from "./expand-home.ts";
import { type ListenAddress, listenAddress } from "./listen-address.ts";
import { readTokenFile } from "./token-file.ts";
import { TokenWatch } from "./token-watch.ts";

type AccessKey = "tokens" | "tokenRequired" | "allowedHosts" | "anyIpHost";

/** Where the daemon listens, and whom it lets in there. */
export interface Access {
  readonly address: ListenAddress;
  readonly deps: { readonly [Key in AccessKey]: NonNullable<ApiDeps[Key]> };
  /** What is wrong with the token file; null: nothing. */
  lastError(): LastError | null;
  /** Tokens that have not expired. */
  validCount(): number;
}

/** Whether a request needs a token: where others than this machine's users can come (see api/access). */
export function isTokenRequired({ listen, requireToken, allowedHosts }: Config): boolean {
  return requireToken || allowedHosts.length > 0 || listenAddress(listen).isPublic;
}

/**
 * Why a daemon would not start with `config` on this machine as it is now: address-public or token-file-unusable; null:
 * nothing of the kind. The file may hold tokens that have expired; they let nobody in.
 */
export function openDoorProblem(config: Config, clock: Clock): HeapscopeError | null {
  if (!isTokenRequired(config)) return null;
  const file = expandHome(config.tokens);
  try {
    const { tokens } = readTokenFile(file);
    const isUsable = tokens.some((token) => !isExpired(token, clock.nowMs()));
    if (isUsable || !listenAddress(config.listen).isPublic) return null;
    return heapscopeError("address-public", { address: config.listen, file });
  } catch (error) {
    return asHeapscopeError(error);
  }
}

/**
 * Throws address-public where other machines could come and there is no valid token, and token-file-unusable where one is
 * required and the file cannot be used. On loopback such a file is logged: boards are watched all the same.
 */
export function openAccess(config: Config, clock: Clock, log: Logger): Access {
  const problem = openDoorProblem(config, clock);
  if (problem !== null) throw problem;
  const address = listenAddress(config.listen);
  const file = expandHome(config.tokens);
  const tokenRequired = isTokenRequired(config);
  const watch = new TokenWatch(file, clock, log);
  if (watch.validCount === 0 && tokenRequired) {
    log.warn(
      `A token is required, and ${file} holds none that is valid. "heapscope token create NAME" makes one.`,
    );
  }
  return {
    address,
    deps: {
      tokens: watch.tokens,
      tokenRequired,
      allowedHosts: address.isWildcard ? config.allowedHosts : [address.host, ...config.allowedHosts],
      anyIpHost: address.isWildcard,
    },
    lastError: () => watch.lastError,
    validCount: () => watch.validCount,
  };
}
