import type { Alert, AlertSeverity, Collection, Missed } from "../heap/reading.ts";
import { phaseOf, type ReadingRow, readingOf } from "./reading-row.ts";
import type { StoredEvent } from "./store-types.ts";
import { epochMs, isoTime } from "./times.ts";

/** Codes in the database are places in this list, as in reading-row.ts. */
export const severities: readonly AlertSeverity[] = ["info", "warning", "critical"];

export interface CollectionRow {
  readonly id: number;
  readonly board_id: string;
  readonly at_ms: number;
  readonly before_id: number;
  readonly after_id: number;
  readonly reclaimed_bytes: number;
  readonly largest_free_gain_bytes: number | null;
  readonly fragmentation_before: number | null;
  readonly fragmentation_after: number | null;
  readonly pause_ms: number | null;
}

export interface MissedRow {
  readonly id: number;
  readonly board_id: string;
  readonly at_ms: number;
  readonly phase: number;
  readonly cause: string;
  readonly detail: string;
}

export interface AlertRow {
  readonly id: number;
  readonly board_id: string;
  readonly at_ms: number;
  readonly rule: string;
  readonly condition: string;
  readonly severity: number;
  readonly firing: number;
  readonly since_ms: number;
  readonly value: number | null;
  readonly message: string;
}

export interface BoardEventRow {
  readonly id: number;
  readonly board_id: string;
  readonly at_ms: number;
  readonly snapshot: string;
}

export const insertCollection = `INSERT INTO collections (id, board_key, at_ms, before_id, after_id,
  reclaimed_bytes, largest_free_gain_bytes, fragmentation_before, fragmentation_after, pause_ms, live_bytes, growth_bytes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
export const insertMissed =
  "INSERT INTO missed (id, board_key, at_ms, phase, cause, detail) VALUES (?, ?, ?, ?, ?, ?)";
export const insertAlert = `INSERT INTO alerts (id, board_key, at_ms, rule, condition, severity, firing, since_ms,
  value, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
export const insertBoardEvent =
  "INSERT INTO board_events (id, board_key, at_ms, snapshot) VALUES (?, ?, ?, ?)";

export const selectCollections =
  "SELECT t.*, b.id AS board_id FROM collections t JOIN boards b ON b.key = t.board_key";
export const selectMissed = "SELECT t.*, b.id AS board_id FROM missed t JOIN boards b ON b.key = t.board_key";
export const selectAlerts = "SELECT t.*, b.id AS board_id FROM alerts t JOIN boards b ON b.key = t.board_key";
export const selectBoardEvents =
  "SELECT t.*, b.id AS board_id FROM board_events t JOIN boards b ON b.key = t.board_key";

/** The id of a reading that is there; its row says 0 (or, from older versions, less) where it is not. */
export function storedId(id: number | null): number | null {
  return id !== null && id > 0 ? id : null;
}

export function collectionOf(row: CollectionRow): Collection {
  return {
    id: row.id,
    boardId: row.board_id,
    at: isoTime(row.at_ms),
    beforeId: storedId(row.before_id),
    afterId: storedId(row.after_id),
    reclaimedBytes: row.reclaimed_bytes,
    largestFreeGainBytes: row.largest_free_gain_bytes,
    fragmentationBefore: row.fragmentation_before,
    fragmentationAfter: row.fragmentation_after,
    pauseMs: row.pause_ms,
  };
}

export function missedOf(row: MissedRow): Missed {
  return {
    id: row.id,
    boardId: row.board_id,
    at: isoTime(row.at_ms),
    phase: phaseOf(row.phase),
    cause: row.cause,
    detail: row.detail,
  };
}

/** The values of a row after id, board and time, in the order of `insertAlert`. */
export function alertFigures(alert: Alert): (number | string | null)[] {
  return [
    alert.rule,
    alert.condition,
    severities.indexOf(alert.severity),
    alert.state === "firing" ? 1 : 0,
    epochMs(alert.since),
    alert.value,
    alert.message,
  ];
}

export function alertOf(row: AlertRow): Alert {
  return {
    id: row.id,
    boardId: row.board_id,
    at: isoTime(row.at_ms),
    rule: row.rule,
    condition: row.condition,
    severity: severities[row.severity] ?? "warning",
    state: row.firing === 1 ? "firing" : "resolved",
    since: isoTime(row.since_ms),
    value: row.value,
    message: row.message,
  };
}

export function readingEvent(row: ReadingRow): StoredEvent {
  const data = readingOf(row);
  return {
    type: "reading",
    cursor: row.id,
    boardId: data.boardId,
    at: data.at,
    data,
  };
}

export function collectionEvent(row: CollectionRow): StoredEvent {
  const data = collectionOf(row);
  return {
    type: "collection",
    cursor: row.id,
    boardId: data.boardId,
    at: data.at,
    data,
  };
}

export function missedEvent(row: MissedRow): StoredEvent {
  const data = missedOf(row);
  return {
    type: "missed",
    cursor: row.id,
    boardId: data.boardId,
    at: data.at,
    data,
  };
}

export function alertEvent(row: AlertRow): StoredEvent {
  const data = alertOf(row);
  return { type: "alert", cursor: row.id, boardId: data.boardId, at: data.at, data };
}

export function boardEvent(row: BoardEventRow): StoredEvent {
  // Only `append` writes this column, from an object.
  const data = JSON.parse(row.snapshot) as object;
  return {
    type: "board",
    cursor: row.id,
    boardId: row.board_id,
    at: isoTime(row.at_ms),
    data,
  };
}
