import { globToRegExp } from "../transport/glob.ts";
import { type BoardSelector, isPlural, selectorOf, selectorText } from "./board-selector.ts";
import { keyOf, listOf, valueAt } from "./config-tree.ts";

/** A problem and where it is: a JSON pointer. */
export interface BoardProblem {
  readonly pointer: string;
  readonly text: string;
}

/** An entry of `boards` that says which ports it stands for. */
interface Entry {
  readonly index: number;
  readonly selector: BoardSelector;
  /** Pointer of the key that says it. */
  readonly pointer: string;
}

/**
 * What the schema cannot see in `boards`: ports that cannot be opened, entries that are never reached, and names and console
 * ports that two boards would share. `broken`: pointers whose type is wrong, which are left alone.
 */
export function boardProblems(config: object, broken: ReadonlySet<string>): readonly BoardProblem[] {
  const entries: Entry[] = [];
  const problems: BoardProblem[] = [];
  for (const [index, board] of listOf(config, "boards").entries()) {
    const key = ["port", "serialNumber"].find((name) => typeof valueAt(board, `/${name}`) === "string");
    const pointer = `/boards/${index}/${key}`;
    if (key === undefined || broken.has(pointer)) continue;
    try {
      const selector = selectorOf({ [key]: valueAt(board, `/${key}`) });
      const text = unreached(selector, entries);
      if (text !== null) problems.push({ pointer, text });
      else entries.push({ index, selector, pointer });
    } catch (error) {
      problems.push({ pointer, text: error instanceof Error ? error.message : String(error) });
    }
  }
  return [
    ...problems,
    ...shared(config, broken, "name", (name) => `the name ${JSON.stringify(name)}`),
    ...shared(config, broken, "consolePort", (port) => `consolePort ${port}`),
    ...consoleProblems(config, broken, entries),
  ];
}

/** Why an entry would never get a port; null where it may. */
function unreached(selector: BoardSelector, earlier: readonly Entry[]): string | null {
  const text = selectorText(selector);
  for (const { index, selector: first } of earlier) {
    const name = keyOf(`/boards/${index}`);
    if (first.kind === selector.kind && selectorText(first).toLowerCase() === text.toLowerCase()) {
      const isSame = selector.kind === "serial-number" || selectorText(first) === text;
      if (isSame) return `${selector.kind === "port" ? selector.url : text} is already ${name}.`;
    }
    if (first.kind === "wildcard" && selector.kind === "port" && selector.path !== null) {
      if (globToRegExp(first.pattern).test(selector.path)) {
        return `${text} is never reached: ${name} (${first.pattern}) matches it first. Put this entry before that one.`;
      }
    }
  }
  return null;
}

/** A value that only one board can have, given to several. */
function shared(
  config: object,
  broken: ReadonlySet<string>,
  key: string,
  say: (value: unknown) => string,
): BoardProblem[] {
  const owners = new Map<unknown, number>();
  return listOf(config, "boards").flatMap((board, index) => {
    const pointer = `/boards/${index}/${key}`;
    const value = valueAt(board, `/${key}`);
    if (value === undefined || broken.has(pointer)) return [];
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, index);
      return [];
    }
    const text = `${say(value)} is already that of ${keyOf(`/boards/${owner}`)}.`;
    return [{ pointer, text }];
  });
}

function consoleProblems(
  config: object,
  broken: ReadonlySet<string>,
  entries: readonly Entry[],
): BoardProblem[] {
  const listen = valueAt(config, "/listen");
  const ownPort = typeof listen === "string" ? Number(/:(\d+)$/.exec(listen)?.[1]) : Number.NaN;
  return entries.flatMap(({ index, selector }) => {
    const pointer = `/boards/${index}/consolePort`;
    const port = valueAt(config, pointer);
    if (port === undefined || broken.has(pointer)) return [];
    if (isPlural(selector)) {
      const text = `consolePort ${port} can be that of one board only, and ${selectorText(selector)} may match several. Give the board an entry of its own.`;
      return [{ pointer, text }];
    }
    return port === ownPort
      ? [{ pointer, text: `consolePort ${port} is where heapscope itself listens.` }]
      : [];
  });
}
