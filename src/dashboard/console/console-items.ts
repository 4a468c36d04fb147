import type { ConsoleView } from "../../client/views.ts";

/** What stands in the console, one below the other. `key` rises from item to item, across restarts of the daemon, too. */
export type ConsoleItem =
  | { readonly kind: "line"; readonly key: number; readonly atMs: number; readonly text: string }
  /** Lines that the daemon no longer had when they were asked for. */
  | { readonly kind: "lost"; readonly key: number; readonly atMs: number; readonly count: number }
  /** The daemon began anew, and with it the numbers of the lines. */
  | { readonly kind: "restart"; readonly key: number; readonly atMs: number };

export interface ConsoleState {
  /** Oldest first. */
  readonly items: readonly ConsoleItem[];
  /** What to pass as `after`; null: nothing was asked yet. */
  readonly next: number | null;
  /** Items that made room on the page. */
  readonly left: number;
}

export const emptyConsole: ConsoleState = { items: [], next: null, left: 0 };

/** So many items stay on the page. */
export const mostItems = 2000;

/** Puts an answer to `after: state.next` behind what is there. The same state where nothing came. */
export function withAnswer(state: ConsoleState, { lines, next }: ConsoleView): ConsoleState {
  const first = lines[0];
  const isRestart =
    state.next !== null && (next < state.next || (first !== undefined && first.number <= state.next));
  const last = state.items.at(-1);
  let key = (last?.key ?? 0) + 1;
  if (first === undefined) {
    if (!isRestart && state.next !== null) return state;
    // Nothing was printed since: the first line is not to be missed.
    const items: readonly ConsoleItem[] =
      last === undefined ? [] : [...state.items, { kind: "restart", key, atMs: last.atMs }];
    return { ...state, items, next };
  }
  const added: ConsoleItem[] = [];
  const firstMs = Date.parse(first.at);
  if (isRestart) added.push({ kind: "restart", key: key++, atMs: firstMs });
  // Numbers begin with 1, so what is missing before the first line was dropped.
  const lost = first.number - 1 - (isRestart || state.next === null ? 0 : state.next);
  if (lost > 0) added.push({ kind: "lost", key: key++, atMs: firstMs, count: lost });
  for (const { at, text } of lines) added.push({ kind: "line", key: key++, atMs: Date.parse(at), text });
  const all = [...state.items, ...added];
  const surplus = Math.max(0, all.length - mostItems);
  return { items: all.slice(surplus), next, left: state.left + surplus };
}
