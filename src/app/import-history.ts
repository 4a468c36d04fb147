import { closeSync, openSync, readSync, statSync } from "node:fs";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { openStore } from "../store/open-store.ts";
import type { NewEvent, Store } from "../store/store-types.ts";
import { type DumpPlace, readDumps } from "./import-dumps.ts";
import { type DamagedLine, type ImportedLine, isExport, readExport } from "./import-events.ts";

export interface ImportOptions {
  readonly database: string;
  /** Of texts with dumps, which do not say it; null = unknown. */
  readonly board: string | null;
  readonly at: string | null;
  readonly everySeconds: number;
}

/** What became of one file. */
export interface ImportReport {
  readonly file: string;
  readonly form: "export" | "text";
  readonly imported: number;
  /** Events that the history already had: of the same board, kind and time. */
  readonly known: number;
  /** Dumps of a text that do not add up and were left out. */
  readonly damaged: number;
}

/** Events stored in one transaction. */
const batchSize = 1000;
/** So much of a file tells which kind it is. */
const headBytes = 64 * 1024;
/** Damaged lines that are named; the others are counted. */
const mostNamed = 10;

/** The damaged lines of all files. */
class DamagedLines {
  readonly #named: string[] = [];
  #count = 0;

  of(file: string): DamagedLine {
    return (line, problem) => {
      this.#count++;
      if (this.#named.length < mostNamed) this.#named.push(`${file}:${line}: ${problem}`);
    };
  }

  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#named.length;
    const problems = [...this.#named, ...(more === 0 ? [] : [`…and ${more} more`])].join("\n");
    throw heapscopeError("import-damaged", { lines: this.#count, problems });
  }
}

/**
 * Takes files into a history that no daemon is writing to: exports of heapscope, and any text with mem_info output. A file
 * is checked as a whole before anything of it is stored, and what is already there is not stored again, so that an import can be
 * repeated. `report` hears of each file when it is done.
 *
 * Throws file-unreadable, import-unknown, import-damaged, usage (a text without `board`), store-failed.
 */
export async function importFiles(
  files: readonly string[],
  options: ImportOptions,
  report: (report: ImportReport) => void,
): Promise<void> {
  const forms = files.map((file) => ({ file, form: formOf(file) }));
  const damaged = new DamagedLines();
  for (const { file, form } of forms) await check(file, form, options, damaged);
  damaged.throwIfAny();
  const store = openStore({ file: options.database });
  try {
    for (const { file, form } of forms) {
      if (form === "export") report({ file, form, damaged: 0, ...(await importExport(file, store)) });
      else {
        const { events, damaged } = readDumps(file, placeOf(file, options));
        report({ file, form, damaged, ...storeNew(store, events) });
      }
    }
  } finally {
    store.close();
  }
}

/** Throws where a file cannot be taken as a whole; its damaged lines are noted. */
async function check(
  file: string,
  form: "export" | "text",
  options: ImportOptions,
  damaged: DamagedLines,
): Promise<void> {
  if (form === "export") {
    for await (const _line of readExport(file, damaged.of(file))) {
      // Reading on is the check.
    }
    return;
  }
  // Whether there is anything in it comes first: a file of another kind needs no board.
  const dumps = readDumps(file, { boardId: options.board ?? "unknown", at: null, everySeconds: 1 });
  if (dumps.events.length === 0) throw heapscopeError("import-unknown", { file, damaged: dumps.damaged });
  placeOf(file, options);
}

function placeOf(file: string, { board, at, everySeconds }: ImportOptions): DumpPlace {
  if (board === null) {
    const detail = `${file} holds heap dumps and does not say of which board. Name it with --board.`;
    throw heapscopeError("usage", { detail });
  }
  return { boardId: board, at, everySeconds };
}

async function importExport(file: string, store: Store): Promise<Pick<ImportReport, "imported" | "known">> {
  const ids = new Map<number, number>();
  let imported = 0;
  let known = 0;
  let batch: { readonly id: number; readonly event: NewEvent }[] = [];
  const flush = (): void => {
    for (const [place, stored] of store.append(batch.map(({ event }) => event)).entries()) {
      const id = batch[place]?.id;
      if (id !== undefined && stored.type === "reading") ids.set(id, stored.cursor);
    }
    imported += batch.length;
    batch = [];
  };
  const take = (line: ImportedLine): void => {
    if (line.kind === "board") {
      const { board } = line;
      if (store.board(board.id) === undefined) store.upsertBoard(board, board.lastSeenAt);
      return;
    }
    const there = store.storedId(line.event);
    if (there !== undefined) {
      if (line.event.type === "reading") ids.set(line.id, there);
      known++;
      return;
    }
    // A collection names its readings, whose new ids have to be known.
    if (line.event.type === "collection" && batch.length > 0) flush();
    batch.push({ id: line.id, event: withNewIds(line.event, ids) });
    if (batch.length >= batchSize) flush();
  };
  // Checked before: the file changed since.
  const changed = (line: number, problem: string): never => {
    throw heapscopeError("import-changed", { file, line, problem });
  };
  for await (const line of readExport(file, changed)) take(line);
  flush();
  return { imported, known };
}

/** Readings that are not in the file keep no place: their ids may belong to others here, so they become null. */
function withNewIds(event: NewEvent, ids: ReadonlyMap<number, number>): NewEvent {
  if (event.type !== "collection") return event;
  const { beforeId, afterId } = event.data;
  const idOf = (id: number | null): number | null => (id === null ? null : (ids.get(id) ?? null));
  return {
    ...event,
    data: { ...event.data, beforeId: idOf(beforeId), afterId: idOf(afterId) },
  };
}

function storeNew(store: Store, events: readonly NewEvent[]): Pick<ImportReport, "imported" | "known"> {
  const fresh = events.filter((event) => store.storedId(event) === undefined);
  for (let from = 0; from < fresh.length; from += batchSize)
    store.append(fresh.slice(from, from + batchSize));
  return { imported: fresh.length, known: events.length - fresh.length };
}

function formOf(file: string): "export" | "text" {
  let handle: number;
  try {
    // Files are read twice, and none may be without an end.
    const stats = statSync(file);
    if (!stats.isFile() && !stats.isDirectory())
      throw heapscopeError("file-unreadable", { file, reason: "it is a device or a pipe, not a file" });
    handle = openSync(file, "r");
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    const head = Buffer.alloc(headBytes);
    const length = readSync(handle, head, 0, headBytes, 0);
    const [first = ""] = head.toString("utf8", 0, length).split("\n", 1);
    return isExport(first) ? "export" : "text";
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    closeSync(handle);
  }
}

function unreadable(file: string, error: unknown): Error {
  if (error instanceof HeapscopeError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "no permission",
  };
  return heapscopeError("file-unreadable", { file, reason: known[code] ?? code });
}
