import { deflateSync } from "node:zlib";
import type { Database } from "better-sqlite3";

/**
 * Prepares storing a reading's map. A dump that is, byte for byte, the board's last one is not stored again: the map
 * refers to it. Call inside the transaction that stores the reading.
 */
export function mapKeeper(db: Database): (readingId: number, boardKey: number, dump: Uint8Array) => void {
  const last = db.prepare<[number], { readonly id: number; readonly dump: Buffer }>(
    `SELECT d.id, d.dump FROM maps m JOIN dumps d ON d.id = m.dump_id
     WHERE m.reading_id = (SELECT max(reading_id) FROM maps WHERE board_key = ?)`,
  );
  const insertDump = db.prepare<[Buffer], number>("INSERT INTO dumps (dump) VALUES (?) RETURNING id").pluck();
  const insertMap = db.prepare("INSERT INTO maps (reading_id, board_key, dump_id) VALUES (?, ?, ?)");
  return (readingId, boardKey, dump) => {
    const packed = deflateSync(dump);
    const before = last.get(boardKey);
    const dumpId = before?.dump.equals(packed) ? before.id : insertDump.get(packed);
    insertMap.run(readingId, boardKey, dumpId);
  };
}
