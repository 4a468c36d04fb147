import Database from "better-sqlite3";

/**
 * Why the history does not work, as far as it matters what to do about it.
 *
 * - `full`, `read-only`, `disk-error`: of the disk; passes when somebody sees to it, and nothing is wrong with the file
 * - `busy`: another program has the file locked for the moment
 * - `damaged`: the file itself; it stays so
 * - `unusable`: the file could be opened before and cannot now, for another reason; passes when somebody sees to it
 * - `other`: of the call or the file's owner; trying again changes nothing
 */
export type StoreTrouble = "full" | "read-only" | "disk-error" | "busy" | "damaged" | "unusable" | "other";

export interface TroubleReport {
  readonly trouble: StoreTrouble;
  /** For people, to follow "cannot be used: ". */
  readonly reason: string;
}

const reports: Readonly<Record<Exclude<StoreTrouble, "unusable" | "other">, string>> = {
  full: "the disk is full. It goes on by itself when there is space again",
  "read-only": "the file or its disk is read-only. It goes on by itself when that can be written to again",
  "disk-error": "the disk reports an error",
  busy: "another program has locked it. It goes on by itself when that lets go of it",
  damaged: "the file is damaged, or no history at all. Give heapscope another one with --database",
};

/** What SQLite's result code (https://sqlite.org/rescode.html), or Node's for the folder, means for the history. */
export function troubleOf(error: unknown): TroubleReport {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const trouble = troubleOfCode(code, error instanceof Database.SqliteError);
  if (trouble === "other" || trouble === "unusable") return { trouble, reason: message };
  return {
    trouble,
    reason: trouble === "disk-error" ? `${reports[trouble]} (${message})` : reports[trouble],
  };
}

function troubleOfCode(code: string, isSqlite: boolean): StoreTrouble {
  if (!isSqlite) {
    if (code === "ENOSPC" || code === "EDQUOT") return "full";
    if (code === "EROFS") return "read-only";
    return code === "EIO" ? "disk-error" : "other";
  }
  if (code === "SQLITE_FULL") return "full";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  if (code.startsWith("SQLITE_READONLY")) return "read-only";
  if (code.startsWith("SQLITE_IOERR")) return "disk-error";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB" ? "damaged" : "other";
}

/** The trouble that a `store-failed` error was made for. */
export function troubleIn(context: Readonly<Record<string, string | number>>): StoreTrouble {
  const { trouble } = context;
  const known: readonly StoreTrouble[] = ["full", "read-only", "disk-error", "busy", "damaged", "unusable"];
  return known.find((one) => one === trouble) ?? "other";
}
