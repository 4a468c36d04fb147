import type { HeapscopeError } from "../../shared/errors.ts";
import { problemText } from "./problem-text.ts";

/** What could not be had, and a way to try again. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: HeapscopeError;
  readonly onRetry?: () => void;
}) {
  return (
    <p class="failure" role="alert">
      {problemText(error)}{" "}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </p>
  );
}
