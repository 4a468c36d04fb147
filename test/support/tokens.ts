import { newToken, type TokenRecord, type TokenScope } from "../../src/api/access.ts";

/** A token of that scope, and what is kept of it. */
export function sampleToken(
  scope: TokenScope,
  change: Partial<TokenRecord> = {},
): { readonly token: string; readonly record: TokenRecord } {
  const { token, hash } = newToken();
  const scopes: readonly TokenScope[] = scope === "control" ? ["read", "control"] : ["read"];
  const record = { name: scope, scopes, createdAt: "2026-11-01T00:00:00.000Z", expiresAt: null, hash };
  return { token, record: { ...record, ...change } };
}
