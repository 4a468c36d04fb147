import { longGapMs, type Stretch, type Watching } from "./board-history.ts";

/**
 * Why nothing was read for a while. `held`: a program held the prompt. `away`: the port was gone or something else was at it.
 * `failing`: the board did not answer, or what came was damaged.
 */
export type UnreadBecause = "held" | "away" | "failing";

export interface UnreadTime {
  /** In which the board was to be read: without what it was lent, and without what heapscope itself did not run. */
  readonly watchedMs: number;
  readonly unread: Readonly<Record<UnreadBecause, Unread>>;
}

export interface Unread {
  readonly totalMs: number;
  /** The longest stretch for this reason. */
  readonly longestMs: number;
  /** Codes of the missed readings, the most frequent first. */
  readonly causes: readonly { readonly cause: string; readonly count: number }[];
}

/** A board that does not answer is asked again after five minutes at most; twice that without a try: heapscope did not run. */
const silentMs = 600_000;

const leastMissed = 2;

const heldCauses: ReadonlySet<string> = new Set([
  "no-prompt",
  "not-micropython",
  "prompt-unfinished",
  "interrupt-ignored",
]);
/** The port is somebody else's, with heapscope's leave. */
const lentStates: ReadonlySet<string | null> = new Set(["released", "console"]);
/** In which nothing is asked, so nothing is missed either. */
const awayStates: ReadonlySet<string | null> = new Set(["disconnected", "foreign"]);

type Why = UnreadBecause | "lent" | "not-watched" | "once";

/**
 * What became of the time in which no reading came, from the first thing known of the board to `toMs`. Where neither a state nor a
 * missed reading says why, heapscope did not run, which is no fault of the watching. Null: nothing is known.
 */
export function unreadTime(watching: Watching, toMs: number): UnreadTime | null {
  const { firstReadingMs, lastReadingMs, missed, states, gaps, readEveryMs } = watching;
  const known = [firstReadingMs, missed[0]?.atMs, states[0]?.atMs].filter((ms) => typeof ms === "number");
  if (known.length === 0) return null;
  const beginMs = Math.min(...known);
  const longMs = longGapMs(readEveryMs);
  const outer =
    firstReadingMs === null || lastReadingMs === null
      ? [{ fromMs: beginMs, toMs }]
      : [
          { fromMs: beginMs, toMs: firstReadingMs },
          { fromMs: lastReadingMs, toMs },
        ];
  const stretches = [...gaps, ...outer].filter((gap) => gap.toMs - gap.fromMs > longMs);
  const sums: Record<Why, { totalMs: number; longestMs: number }> = {
    held: { totalMs: 0, longestMs: 0 },
    away: { totalMs: 0, longestMs: 0 },
    failing: { totalMs: 0, longestMs: 0 },
    lent: { totalMs: 0, longestMs: 0 },
    "not-watched": { totalMs: 0, longestMs: 0 },
    once: { totalMs: 0, longestMs: 0 },
  };
  for (const stretch of stretches) {
    const within: Partial<Record<Why, number>> = {};
    for (const { why, ms } of piecesOf(stretch, watching)) within[why] = (within[why] ?? 0) + ms;
    for (const why of Object.keys(sums) as Why[]) {
      const ms = within[why] ?? 0;
      sums[why].totalMs += ms;
      sums[why].longestMs = Math.max(sums[why].longestMs, ms);
    }
  }
  const unread = (why: UnreadBecause): Unread => ({ ...sums[why], causes: causesOf(missed, why) });
  return {
    watchedMs: Math.max(0, toMs - beginMs - sums.lent.totalMs - sums["not-watched"].totalMs),
    unread: { held: unread("held"), away: unread("away"), failing: unread("failing") },
  };
}

interface Piece {
  readonly why: Why;
  readonly ms: number;
}

/** The stretch, cut where a reading was missed, where the last such miss is too long ago, and where the board's state changed. */
function piecesOf({ fromMs, toMs }: Stretch, { missed, states }: Watching): readonly Piece[] {
  const tries = missed.slice(firstAfter(missed, fromMs), firstAfter(missed, toMs));
  // One reading that was missed is no stretch without.
  const because = (cause: string): Why => (tries.length < leastMissed ? "once" : becauseOf(cause));
  const pieces: Piece[] = [];
  const add = (startMs: number, endMs: number, why: Why): void => {
    if (endMs > startMs) pieces.push(...byState({ fromMs: startMs, toMs: endMs }, states, why));
  };
  const [first] = tries;
  const firstMs = first?.atMs ?? toMs;
  // The wait for the first try that failed belongs to it.
  const isWait = first !== undefined && firstMs - fromMs < silentMs;
  add(fromMs, firstMs, isWait ? because(first.cause) : "not-watched");
  for (const [index, { atMs, cause }] of tries.entries()) {
    const nextMs = tries[index + 1]?.atMs ?? toMs;
    const heardMs = Math.min(nextMs, atMs + silentMs);
    add(atMs, heardMs, because(cause));
    add(heardMs, nextMs, "not-watched");
  }
  return pieces;
}

/** The piece, cut where the state changed: some states say more than a try that failed. */
function byState({ fromMs, toMs }: Stretch, states: Watching["states"], why: Why): readonly Piece[] {
  const begin = firstAfter(states, fromMs);
  const changes = [{ atMs: fromMs, state: states[begin - 1]?.state ?? null }];
  changes.push(...states.slice(begin, firstAfter(states, toMs)));
  return changes.map(({ atMs, state }, index) => ({
    why: lentStates.has(state) ? "lent" : awayStates.has(state) ? "away" : why,
    ms: (changes[index + 1]?.atMs ?? toMs) - atMs,
  }));
}

/** The index of the first that is later than `ms`; they are in order of time. */
function firstAfter(events: readonly { readonly atMs: number }[], ms: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.atMs ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

function becauseOf(cause: string): UnreadBecause {
  if (heldCauses.has(cause)) return "held";
  return cause.startsWith("port-") || cause === "board-ended" || cause === "foreign-device"
    ? "away"
    : "failing";
}

function causesOf(missed: Watching["missed"], why: UnreadBecause): Unread["causes"] {
  const counts = new Map<string, number>();
  for (const { cause } of missed)
    if (becauseOf(cause) === why) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts]
    .map(([cause, count]) => ({ cause, count }))
    .sort((one, other) => other.count - one.count || (one.cause < other.cause ? -1 : 1));
}
