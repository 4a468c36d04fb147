import { heapscopeError } from "../shared/errors.ts";

/** A range of a query. Throws `request-invalid` where it is reversed. */
export function checkRange({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): void {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return;
  throw heapscopeError("request-invalid", {
    detail: `query parameter "from" (${from}) is later than "to" (${to})`,
  });
}
