import type { Database } from "better-sqlite3";
import type { AuditEntry, AuditQuery, Store, StoredAuditEntry } from "./store-types.ts";
import { epochMs, isoTime } from "./times.ts";

/** Entries that are kept, some 10 MB: years of what people do, and an end to what a script on the loose can write. */
export const auditLimit = 100_000;

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

/** Prepares writing and reading the audit. `limit`: entries that are kept. */
export function auditTable(db: Database, limit = auditLimit): Pick<Store, "audit" | "auditTrail"> {
  const insert = db.prepare<Omit<AuditRow, "id">>(
    `INSERT INTO audit (at_ms, action, board_id, token, address, status, code)
     VALUES (:at_ms, :action, :board_id, :token, :address, :status, :code)`,
  );
  const forget = db.prepare<[number]>("DELETE FROM audit WHERE id <= ?");
  const newest = db.prepare<[number], AuditRow>("SELECT * FROM audit ORDER BY id DESC LIMIT ?");
  const onwards = db.prepare<[number, number], AuditRow>(
    "SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?",
  );
  const write = db.transaction(({ at, action, board, token, address, status, code }: AuditEntry) => {
    const at_ms = epochMs(at);
    const { lastInsertRowid } = insert.run({ at_ms, action, board_id: board, token, address, status, code });
    forget.run(Number(lastInsertRowid) - limit);
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
