import { apiErrors } from "./errors-api.ts";
import { boardErrors } from "./errors-board.ts";
import { daemonErrors } from "./errors-daemon.ts";
import { fileErrors } from "./errors-files.ts";
import { helperErrors } from "./errors-helper.ts";

/**
 * Every error heapscope raises on purpose, in one table. Each text says what happened, what it means and what
 * to do next. `status` is the HTTP status where the error reaches the API, `exitCode` the command's exit code
 * (1 failed, 2 bad usage or configuration).
 */
export const errorTable = {
  ...boardErrors,
  ...helperErrors,
  ...apiErrors,
  ...daemonErrors,
  ...fileErrors,
} as const;

export type ErrorCode = keyof typeof errorTable;
export type ErrorContext<Code extends ErrorCode> = Parameters<(typeof errorTable)[Code]["text"]>[0];

/** An error of the table: `code` is stable for programs, `message` is for people, `context` holds the values. */
export class HeapscopeError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, context: Readonly<Record<string, string | number>>) {
    super(message);
    this.name = "HeapscopeError";
    this.code = code;
    this.context = context;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get exitCode(): 1 | 2 {
    return errorTable[this.code].exitCode;
  }
}

/** Makes the error `code` with its text filled from `context`. */
export function heapscopeError<Code extends ErrorCode>(
  code: Code,
  context: ErrorContext<Code>,
): HeapscopeError {
  const text = errorTable[code].text as (context: ErrorContext<Code>) => string;
  return new HeapscopeError(code, text(context), context);
}

/** `error` itself where it is one of ours, else an "internal" one that carries its message. */
export function asHeapscopeError(error: unknown): HeapscopeError {
  if (error instanceof HeapscopeError) return error;
  return heapscopeError("internal", { detail: error instanceof Error ? error.message : String(error) });
}
