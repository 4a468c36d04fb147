import type { ExportRequest } from "../api/api-deps.ts";
import { heapscopeError } from "../shared/errors.ts";
import { type OpenHistory, openHistory } from "../store/open-store.ts";
import type { EventType } from "../store/store-types.ts";
import { expandHome } from "./expand-home.ts";
import { exportHistory } from "./export-history.ts";
import { loadConfig } from "./load-config.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface HistoryFlags {
  readonly database?: string;
  readonly config?: string;
}

export interface ExportFlags extends HistoryFlags {
  readonly format: ExportRequest["format"];
  readonly type?: EventType;
  readonly from?: string;
  readonly to?: string;
  readonly maps?: boolean;
}

/** The history that flags, environment and configuration name. Throws config-invalid, file-unreadable. */
export function historyFile({ database, config }: HistoryFlags, env: Env): string {
  if (database !== undefined) return expandHome(database);
  return expandHome(loadConfig({ file: config ?? env["HEAPSCOPE_CONFIG"] ?? null, env, flags: [] }).database);
}

/**
 * Opens the history for reading, and gives its export line by line; `close` when done. Throws store-failed, board-unknown, usage
 * for a time that is none, request-invalid for what cannot be exported.
 */
export function openExport(
  boards: readonly string[],
  flags: ExportFlags,
  env: Env,
): { readonly lines: AsyncIterable<string>; readonly close: () => void } {
  const [from, to] = [timeOf("--from", flags.from), timeOf("--to", flags.to)];
  if (from !== undefined && to !== undefined && from > to) {
    throw heapscopeError("usage", { detail: `--from (${flags.from}) is later than --to (${flags.to}).` });
  }
  const history = openHistory(historyFile(flags, env));
  try {
    const { format, type, maps = false } = flags;
    const boardIds = boards.length === 0 ? undefined : boards.map((board) => idOf(history, board));
    const lines = exportHistory(history, { boardIds, format, type, from, to, maps });
    return { lines, close: () => history.close() };
  } catch (error) {
    history.close();
    throw error;
  }
}

/** UTC, ISO 8601. Throws usage. */
export function timeOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    const detail = `${flag} must be a time such as 2026-11-22 or 2026-11-22T17:00:00Z, not "${text}".`;
    throw heapscopeError("usage", { detail });
  }
  return new Date(ms).toISOString();
}

function idOf(history: OpenHistory, board: string): string {
  const known = history.boards();
  const found = known.find(({ id }) => id === board) ?? known.find(({ name }) => name === board);
  if (found) return found.id;
  const names = known.map(({ name }) => name).join(", ");
  throw heapscopeError("history-board-unknown", { board, known: names === "" ? "none" : names });
}
