import type { HeapscopeError } from "../../shared/errors.ts";
import { useDashboard } from "../model/session.tsx";
import { Failure } from "./failure.tsx";

/** What could not be loaded. Nothing while there is no connection: the banner says so, and all is asked again after it. */
export function LoadFailure({
  error,
  onRetry,
}: {
  readonly error: HeapscopeError;
  readonly onRetry?: () => void;
}) {
  const { connection } = useDashboard();
  if (connection.kind !== "live") return null;
  return onRetry === undefined ? <Failure error={error} /> : <Failure error={error} onRetry={onRetry} />;
}
