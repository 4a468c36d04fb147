import { counterBase, keptPasses, mostOfEndless, mostPasses, reportIn } from "./counter.ts";

/**
 * The source of the module that copies of `countStatements` import: what each statement allocates itself, without what counted
 * statements that it calls allocate, in each pass of each endless loop. Statement 0 is all that is in none. Nothing in it
 * allocates once `begin` is over. A statement that ends with an exception stays on the stack until one around it ends, a pass of a
 * loop around it ends, or it comes again, so the stack holds each number once.
 */
export const passCounterSource = `${counterBase}
def begin(statements, loops):
    global size, depth, since, stack, own, seen, spent, base, last, begun, passes, record, most
    size, depth, since = statements + 1, 0, 0
    stack, own = zeros(size), zeros(size)
    seen, spent = zeros(size * loops), zeros(size * loops * ${keptPasses})
    base, last, begun, passes = zeros(loops), zeros(loops), zeros(loops), zeros(loops)
    record = zeros(loops * ${keptPasses})
    most = array.array("i", [${mostOfEndless}] * loops)

def down(k):
    global depth, since
    own[stack[depth]] += alloc() - since
    d = depth
    while d and stack[d] != k: d -= 1
    depth = d or depth + 1
    stack[depth] = k
    since = alloc()

def up(k, value=None):
    global depth, since
    own[stack[depth]] += alloc() - since
    d = depth
    while d and stack[d] != k: d -= 1
    if d: depth = d - 1
    since = alloc()
    return value

def keep(j, n):
    for k in range(size):
        if n >= 0: spent[(j * ${keptPasses} + n) * size + k] = own[k] - seen[j * size + k]
        seen[j * size + k] = own[k]

def enter(j):
    if begun[j]: most[j] = ${mostPasses}
    last[j] = -1
    base[j] = depth

def pass_(j):
    global depth, since
    now = alloc()
    own[stack[depth]] += now - since
    depth = base[j]
    n = passes[j]
    if n < ${keptPasses}:
        if last[j] < 0: keep(j, -1)
        else:
            record[j * ${keptPasses} + n] = now - last[j]
            keep(j, n)
            passes[j] = n + 1
    if begun[j] >= most[j]: raise Enough
    begun[j] += 1
    since = alloc()
    last[j] = since

def statements(j):
    for k in range(size):
        each = [spent[(j * ${keptPasses} + n) * size + k] for n in range(passes[j])]
        if any(each): yield [k, each]

def report(print=print):
    print()
    loops = [{"passes": list(record[j * ${keptPasses}:j * ${keptPasses} + passes[j]]), "statements": list(statements(j))} for j in range(len(begun))]
    print(json.dumps({"loops": loops}))
`;

/** What the passes of one endless loop allocated, in bytes; all lists have the same length. */
export interface PassCount {
  readonly passes: readonly number[];
  /** By statement: its own part of each pass. Those that never allocated are not there. */
  readonly statements: ReadonlyMap<number, readonly number[]>;
}

/** What `report()` printed last, by loop. Null: it did not print. */
export function parsePassCounts(output: string): readonly PassCount[] | null {
  const { loops } = reportIn<Report>(output) ?? {};
  return loops?.map(({ passes, statements }) => ({ passes, statements: new Map(statements) })) ?? null;
}

interface Report {
  readonly loops: readonly {
    readonly passes: readonly number[];
    readonly statements: readonly (readonly [number, readonly number[]])[];
  }[];
}
