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

/** A day that its month has, and a time of it. February 29 is left out: whether there is one, the year says. */
const canonical =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/**
 * `isoTime(ms)`, where `iso` is the text whose `epochMs` is `ms`: the text itself where it is written that way already,
 * as the daemon's own times are. Formatting is a tenth of what it takes to store a reading.
 */
export function isoTimeOf(iso: string, ms: number): string {
  return canonical.test(iso) ? iso : isoTime(ms);
}

/** Before and after any time a row can have; SQLite compares them as numbers. */
export const beginningMs = -8.64e15;
export const endMs = 8.64e15;
