import type { Database } from "better-sqlite3";
import type { BoardsTable } from "./boards-table.ts";
import { type AlertRow, alertOf, selectAlerts, severities } from "./event-rows.ts";
import type { AlertQuery, HistoryReader } from "./store-types.ts";
import { beginningMs, endMs, epochMs } from "./times.ts";

interface Span {
  readonly key: number | null;
  readonly from: number;
  readonly to: number;
  readonly after: number;
  readonly limit: number;
  readonly firing: number | null;
  readonly severity: number | null;
}

/** Prepares the queries over alerts. They are few: one row whenever a rule begins or ceases to be met. */
export function alertReader(
  db: Database,
  boards: BoardsTable,
): Pick<HistoryReader, "alerts" | "firingAlerts"> {
  const span =
    "(:key IS NULL OR t.board_key = :key) AND t.at_ms >= :from AND t.at_ms < :to AND t.id > :after AND (:firing IS NULL OR t.firing = :firing) AND (:severity IS NULL OR t.severity = :severity)";
  const newest = db.prepare<[Span], AlertRow>(
    `${selectAlerts} WHERE ${span} ORDER BY t.at_ms DESC, t.id DESC LIMIT :limit`,
  );
  const onwards = db.prepare<[Span], AlertRow>(`${selectAlerts} WHERE ${span} ORDER BY t.id LIMIT :limit`);
  const firing = db.prepare<[], AlertRow>(
    `${selectAlerts} WHERE t.firing = 1 AND t.id IN (SELECT max(id) FROM alerts GROUP BY board_key, rule) ORDER BY t.id`,
  );
  return {
    alerts: ({ boardId, state, severity, from, to, after, limit }: AlertQuery) => {
      const key = boardId === undefined ? null : (boards.keyOf(boardId) ?? -1);
      const wanted: Span = {
        key,
        from: from === undefined ? beginningMs : epochMs(from),
        to: to === undefined ? endMs : epochMs(to),
        after: after ?? 0,
        limit,
        firing: state === undefined ? null : state === "firing" ? 1 : 0,
        severity: severity === undefined ? null : severities.indexOf(severity),
      };
      const rows = after === undefined ? newest.all(wanted).reverse() : onwards.all(wanted);
      return rows.map(alertOf);
    },
    firingAlerts: () => firing.all().map(alertOf),
  };
}
