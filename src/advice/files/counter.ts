import type { Place } from "../finding.ts";

/** Passes of a loop that are recorded: those between two heads of its body in one entry of the loop. */
export const keptPasses = 20;
/** An endless loop ends the run when it has begun its passes so often; the first one that begins has none before it. */
export const mostOfEndless = keptPasses + 1;
/** A loop that comes to an end may take longer, and may be entered again and again. */
export const mostPasses = 1000;
/** Of all endless loops together: after so many nothing new is to be expected. */
const mostTurns = 20_000;
/** Of an exception's text, in characters. */
const longestReason = 200;
/** Of a traceback's end, in characters. */
const longestTrace = 2000;

/** What counting modules have in common: how a run is ended, by `Enough` or by an exception. */
export const counterBase = `
import gc, array, json, io, sys
alloc = gc.mem_alloc
zeros = lambda n: array.array("i", [0] * n)
ended = None
trace = ""
turns = 0

class Enough(BaseException): pass

def turn():
    global turns
    turns += 1
    if turns > ${mostTurns}: raise Enough

def end(error):
    global ended, trace
    ended = type(error).__name__
    try:
        text = str(error)[:${longestReason}]
        if text: ended += ": " + text
        out = io.StringIO()
        sys.print_exception(error, out)
        trace = out.getvalue()[-${longestTrace}:]
    except Exception: pass
`;

/**
 * The source of the module that instrumented copies import (`counterModule`): it counts what statements and passes of
 * loops allocate. Nothing in it allocates once `begin` is over: figures are small integers in arrays. This port never
 * collects while Python runs, so what `gc.mem_alloc()` grows by is what was allocated.
 */
export const counterSource = `${counterBase}
def begin(sites, endless):
    global at, spent, done, last, begun, passes, record, most
    at, spent, done = zeros(sites), zeros(sites), zeros(sites)
    n = len(endless)
    last, begun, passes, record = zeros(n), zeros(n), zeros(n), zeros(n * ${keptPasses})
    most = array.array("i", [${mostOfEndless} if each else ${mostPasses} for each in endless])

def before(k):
    at[k] = alloc()

def after(k):
    spent[k] += alloc() - at[k]
    done[k] += 1

def enter(j):
    if begun[j]: most[j] = ${mostPasses}
    last[j] = -1

def pass_(j):
    n = passes[j]
    if n < ${keptPasses} and last[j] >= 0:
        record[j * ${keptPasses} + n] = alloc() - last[j]
        passes[j] = n + 1
    if begun[j] >= most[j]:
        raise Enough
    begun[j] += 1
    last[j] = alloc()

def report(print=print):
    print()
    print(json.dumps({"sites": [[spent[k], done[k]] for k in range(len(at))], "begun": list(begun), "passes": list(passes), "record": list(record), "ended": ended, "trace": trace}))
`;

/** What one statement allocated, over all the times it was done. */
export interface SiteCount {
  readonly bytes: number;
  readonly times: number;
}

/** The exception that ended an application. */
export interface Ended {
  /** `OSError: 5` */
  readonly text: string;
  /** The innermost line of the application that it came through. Null: there is none. */
  readonly place: Place | null;
}

/** A line of a traceback as a place in the application. Null: it is in none of its files. */
export type PlaceOf = (path: string, line: number) => Place | null;

/** What a loop allocated, and how often it went round. */
export interface LoopCount {
  /** Passes that began. */
  readonly begun: number;
  /** Bytes of each pass that was recorded, in their order; none of one that ended the loop. */
  readonly passes: readonly number[];
}

export interface Counts {
  readonly sites: readonly SiteCount[];
  readonly loops: readonly LoopCount[];
  /** What ended the application; null: it ended by itself, or its loops had been seen often enough. */
  readonly exception: Ended | null;
}

/** The counts in what `report()` printed last. Null: it did not print. */
export function parseCounts(output: string, placeOf: PlaceOf): Counts | null {
  const { sites, begun, passes, record, ended, trace } = reportIn<Report>(output) ?? {};
  if (sites === undefined || begun === undefined || passes === undefined || record === undefined) return null;
  return {
    sites: sites.map(([bytes, times]) => ({ bytes, times })),
    loops: begun.map((count, at) => ({
      begun: count,
      passes: record.slice(at * keptPasses, at * keptPasses + (passes[at] ?? 0)),
    })),
    exception:
      ended == null ? null : { text: ended.replaceAll(/\s+/g, " "), place: lastPlace(trace ?? "", placeOf) },
  };
}

/** Of a traceback as `sys.print_exception` prints it: the innermost call comes last. */
function lastPlace(trace: string, placeOf: PlaceOf): Place | null {
  const places = [...trace.matchAll(/^ {2}File "([^"]+)", line (\d+)/gm)].flatMap(
    ([, path = "", line]) => placeOf(path, Number(line)) ?? [],
  );
  return places.at(-1) ?? null;
}

interface Report {
  readonly sites: readonly (readonly [number, number])[];
  readonly begun: readonly number[];
  /** How many are in the record. */
  readonly passes: readonly number[];
  readonly record: readonly number[];
  readonly ended: string | null;
  readonly trace: string;
}

/** The JSON in the last line that was printed. Null: there is none. */
export function reportIn<Report>(output: string): Partial<Report> | null {
  try {
    return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as Partial<Report> | null;
  } catch {
    return null;
  }
}
