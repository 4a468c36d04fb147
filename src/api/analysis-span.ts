import { heapscopeError } from "../shared/errors.ts";
import type { TimeSpan } from "../store/store-types.ts";

const dayMs = 86_400_000;
const usualSpanMs = 7 * dayMs;
const longestSpanMs = 31 * dayMs;

/** Which time an analysis or advice is of: the last 7 days unless the query says otherwise. Throws `request-invalid` where the span is reversed, empty or too long. */
export function analysisSpan(
  query: { readonly from?: string; readonly to?: string },
  nowMs: number,
): TimeSpan {
  // `to` is excluded, and what was stored this very millisecond belongs to the answer.
  const toMs = query.to === undefined ? nowMs + 1 : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - usualSpanMs : Date.parse(query.from);
  if (fromMs >= toMs) {
    const to = query.to === undefined ? "now" : `"to" (${query.to})`;
    throw heapscopeError("request-invalid", {
      detail: `query parameter "from" (${query.from}) is not before ${to}`,
    });
  }
  if (toMs - fromMs > longestSpanMs) {
    throw heapscopeError("request-invalid", {
      detail: `"from" to "to" is longer than ${longestSpanMs / dayMs} days; ask for a shorter time`,
    });
  }
  return { fromMs, toMs };
}
