import type { Database } from "better-sqlite3";
import type { AuditEntry, AuditQuery, Store, StoredAuditEntry } from "./store-types.ts";
import { epochMs, isoTime } from "./times.ts";

export interface AuditLimits {
  /** Entries kept of what was done, and as many of what was refused: refusals, which anybody can cause, push out no deeds. */
  readonly entries: number;
  /** Entries written between two rounds of forgetting, which look through the table. */
  readonly pauseEntries: number;
}

/** Some 10 MB: years of what people do, and an end to what a script on the loose can write. */
export const auditLimits: AuditLimits = { entries: 50_000, pauseEntries: 100 };

interface AuditRow {
  readonly id: number;
  readonly at_ms: number;
  readonly action: string;
  readonly board_id: string | null;
  readonly token: string | null;
  readonly address: string;
  readonly status: number;
  readonly code: string | null;
}

/** Prepares writing and reading the audit. */
export function auditTable(
  db: Database,
  { entries, pauseEntries }: AuditLimits = auditLimits,
): Pick<Store, "audit" | "auditTrail"> {
  const insert = db.prepare<Omit<AuditRow, "id">>(
    `INSERT INTO audit (at_ms, action, board_id, token, address, status, code)
     VALUES (:at_ms, :action, :board_id, :token, :address, :status, :code)`,
  );
  const forgets = ["code IS NULL", "code IS NOT NULL"].map((kind) =>
    db.prepare<[number]>(
      `DELETE FROM audit WHERE ${kind} AND id <= (SELECT id FROM audit WHERE ${kind} ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    ),
  );
  const newest = db.prepare<[number], AuditRow>("SELECT * FROM audit ORDER BY id DESC LIMIT ?");
  const onwards = db.prepare<[number, number], AuditRow>(
    "SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?",
  );
  let sinceForgotten = 0;
  const write = db.transaction(({ at, action, board, token, address, status, code }: AuditEntry) => {
    const at_ms = epochMs(at);
    insert.run({ at_ms, action, board_id: board, token, address, status, code });
    sinceForgotten++;
    if (sinceForgotten < pauseEntries) return;
    sinceForgotten = 0;
    for (const forget of forgets) forget.run(entries);
  });
  return {
    audit: (entry) => void write(entry),
    auditTrail: ({ after, limit }: AuditQuery) => {
      const rows = after === undefined ? newest.all(limit).reverse() : onwards.all(after, limit);
      return rows.map(entryOf);
    },
  };
}

function entryOf({ id, at_ms, action, board_id, token, address, status, code }: AuditRow): StoredAuditEntry {
  return { id, at: isoTime(at_ms), action, board: board_id, token, address, status, code };
}
