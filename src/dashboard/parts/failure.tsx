import type { HeapscopeError } from "../../shared/errors.ts";

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

/** The daemon's own words where it had some. */
export function problemText(error: HeapscopeError): string {
  const { detail } = error.context;
  return error.code === "daemon-refused" && typeof detail === "string" ? detail : error.message;
}
