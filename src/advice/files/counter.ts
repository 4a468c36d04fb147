/** Passes of a loop that are recorded. */
export const keptPasses = 20;
/** An endless loop ends the run after the passes that are kept; one with a condition may take longer to come to its end. */
const mostPasses = 1000;
/** Of all endless loops together: after so many nothing new is to be expected. */
const mostTurns = 20_000;
/** Of an exception's text, in characters. */
const longestReason = 200;

/**
 * The source of the module that instrumented copies import (`counterModule`): it counts what statements and passes of
 * loops allocate. Nothing in it allocates once `begin` is over: figures are small integers in arrays. This port never
 * collects while Python runs, so what `gc.mem_alloc()` grows by is what was allocated.
 */
export const counterSource = `
import gc, array, json
alloc = gc.mem_alloc

class Enough(BaseException): pass

def begin(sites, endless):
    global at, spent, done, last, passes, record, most, ended, turns
    ended = None
    turns = 0
    zeros = lambda n: array.array("i", [0] * n)
    at, spent, done = zeros(sites), zeros(sites), zeros(sites)
    n = len(endless)
    last, passes, record = zeros(n), zeros(n), zeros(n * ${keptPasses})
    most = array.array("i", [${keptPasses} if each else ${mostPasses} for each in endless])

def before(k):
    at[k] = alloc()

def after(k):
    spent[k] += alloc() - at[k]
    done[k] += 1

def pass_(j):
    n = passes[j]
    if 0 < n <= ${keptPasses}:
        record[j * ${keptPasses} + n - 1] = alloc() - last[j]
    if n > most[j]:
        raise Enough
    passes[j] = n + 1
    last[j] = alloc()

def turn():
    global turns
    turns += 1
    if turns > ${mostTurns}: raise Enough

def end(error):
    global ended
    ended = type(error).__name__
    try:
        text = str(error)[:${longestReason}]
        if text: ended += ": " + text
    except Exception: pass

def report(print=print):
    print()
    print(json.dumps({"sites": [[spent[k], done[k]] for k in range(len(at))], "passes": list(passes), "record": list(record), "ended": ended}))
`;

/** What one statement allocated, over all the times it was done. */
export interface SiteCount {
  readonly bytes: number;
  readonly times: number;
}

export interface Counts {
  readonly sites: readonly SiteCount[];
  /** Bytes of each pass that was recorded, per loop; the first pass is the first of them. */
  readonly loops: readonly (readonly number[])[];
  /** The exception that ended the application, such as `OSError: 5`; null: it ended by itself, or its loops had been seen often enough. */
  readonly exception: string | null;
}

/** The counts in what `report()` printed last. Null: it did not print. */
export function parseCounts(output: string): Counts | null {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  const { sites, passes, record, ended } = reportIn(line) ?? {};
  if (sites === undefined || passes === undefined || record === undefined) return null;
  return {
    sites: sites.map(([bytes, times]) => ({ bytes, times })),
    loops: passes.map((count, at) => {
      const whole = Math.min(keptPasses, Math.max(0, count - 1));
      return record.slice(at * keptPasses, at * keptPasses + whole);
    }),
    exception: ended?.replaceAll(/\s+/g, " ") ?? null,
  };
}

interface Report {
  readonly sites: readonly (readonly [number, number])[];
  readonly passes: readonly number[];
  readonly record: readonly number[];
  readonly ended: string | null;
}

function reportIn(line: string): Partial<Report> | null {
  try {
    return JSON.parse(line) as Partial<Report> | null;
  } catch {
    return null;
  }
}
