/** Milliseconds since the Unix epoch of an ISO 8601 time. Throws a RangeError that names what is no time. */
export function epochMs(iso: string): number {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new RangeError(`"${iso}" is not a time`);
  return ms;
}

/** UTC, ISO 8601 with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Before and after any time a row can have; SQLite compares them as numbers. */
export const beginningMs = -8.64e15;
export const endMs = 8.64e15;
