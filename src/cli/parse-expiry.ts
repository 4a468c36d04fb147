import { heapscopeError } from "../shared/errors.ts";

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};
/** Beyond this a Date cannot be written as ISO 8601 with four digits for the year. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * When something expires that lasts `text` from `nowMs` on: 30m, 12h, 90d, 4w or 1y (365 days). UTC, ISO 8601. Throws
 * usage.
 */
export function parseExpiry(text: string, nowMs: number): string {
  const [, count = "", unit = ""] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  const lastsMs = Number(count) * (unitMs[unit] ?? 0);
  if (!(lastsMs > 0) || nowMs + lastsMs > LATEST_MS) {
    throw heapscopeError("usage", {
      detail: `--expires takes a time such as 12h, 90d, 4w or 1y, not "${text}".`,
    });
  }
  return new Date(nowMs + lastsMs).toISOString();
}
