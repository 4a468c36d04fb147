/** One kind of error: `status` is the HTTP status where it reaches the API, `exitCode` the command's exit code. */
export interface ErrorKind<Context> {
  readonly status: number;
  readonly exitCode: 1 | 2;
  readonly text: (context: Context) => string;
}

/** One row of the table. */
export function kind<Context>(
  status: number,
  exitCode: 1 | 2,
  text: (context: Context) => string,
): ErrorKind<Context> {
  return { status, exitCode, text };
}
