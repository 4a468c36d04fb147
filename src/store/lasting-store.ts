import { existsSync, renameSync } from "node:fs";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { lockOf } from "./open-database.ts";
import { openStore, type StoreOptions } from "./open-store.ts";
import { type StoreTrouble, troubleIn } from "./store-trouble.ts";
import type { Store } from "./store-types.ts";

export interface LastingStoreOptions extends StoreOptions {
  /** Wall time, ms since the Unix epoch. */
  readonly nowMs: () => number;
  /** A damaged history was moved out of the way, and a new one begun. */
  readonly onSetAside: (to: string) => void;
}

/**
 * A history that outlives its disk. Where that is full, read-only or failing, calls throw `store-failed`, and the file is
 * opened again when the next call needs it; also at the start. A damaged file is moved aside, never deleted, and a new
 * history begun, whose ids go on after the last one known: a cursor that a client holds stays in order.
 *
 * Throws at the start what no waiting mends: a file of another program, a newer heapscope's, one that another heapscope
 * is writing to, a folder without permission.
 */
export function openLastingStore(options: LastingStoreOptions): Store {
  const { file, nowMs, onSetAside } = options;
  let store: Store | null = null;
  let lastCursor = options.continueAfter ?? 0;
  let isClosed = false;

  /** Whether the file was ours before: only then may it be moved. */
  const isOurs = file !== ":memory:" && existsSync(lockOf(file));

  function opened(): Store {
    if (isClosed) throw heapscopeError("store-failed", { file, reason: "it is closed" });
    store ??= openOrReplace();
    return store;
  }

  function openOrReplace(): Store {
    try {
      return noted(openStore({ file, continueAfter: lastCursor }));
    } catch (error) {
      if (!isDamage(error) || !(isOurs || lastCursor > 0)) throw error;
      return replaced();
    }
  }

  function replaced(): Store {
    store?.close();
    store = null;
    const to = setAside(file, nowMs());
    const fresh = noted(openStore({ file, continueAfter: lastCursor }));
    onSetAside(to);
    return fresh;
  }

  function noted(fresh: Store): Store {
    try {
      lastCursor = Math.max(lastCursor, fresh.latestCursor());
      return fresh;
    } catch (error) {
      fresh.close();
      throw error;
    }
  }

  /** What a failure of the open file means for the next call. */
  function dropAfter(error: unknown): void {
    if (!(error instanceof HeapscopeError)) return;
    const trouble = troubleIn(error.context);
    // A full disk leaves the file usable; after the others SQLite wants it opened afresh.
    if (trouble !== "disk-error" && trouble !== "read-only") return;
    try {
      store?.close();
    } catch {
      // It is given up in any case.
    }
    store = null;
  }

  const passed =
    <Args extends readonly unknown[], Result>(call: (store: Store) => (...args: Args) => Result) =>
    (...args: Args): Result => {
      const current = opened();
      try {
        return call(current)(...args);
      } catch (error) {
        dropAfter(error);
        throw error;
      }
    };

  /** Writing is what a damaged file may not stop. */
  const written =
    <Args extends readonly unknown[], Result>(call: (store: Store) => (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return passed(call)(...args);
      } catch (error) {
        if (!isDamage(error) || file === ":memory:") throw error;
        store = replaced();
        return call(store)(...args);
      }
    };

  try {
    opened();
  } catch (error) {
    const passes: readonly StoreTrouble[] = ["full", "read-only", "disk-error"];
    if (!(error instanceof HeapscopeError) || !passes.includes(troubleIn(error.context))) throw error;
  }

  return {
    append: written((inner) => (events) => {
      const stored = inner.append(events);
      lastCursor = stored.at(-1)?.cursor ?? lastCursor;
      return stored;
    }),
    upsertBoard: written((inner) => inner.upsertBoard),
    webhookCursor: passed((inner) => inner.webhookCursor),
    setWebhookCursor: passed((inner) => inner.setWebhookCursor),
    keepWebhookCursors: passed((inner) => inner.keepWebhookCursors),
    audit: passed((inner) => inner.audit),
    tidy: passed((inner) => inner.tidy),
    boards: passed((inner) => inner.boards),
    board: passed((inner) => inner.board),
    readings: passed((inner) => inner.readings),
    collections: passed((inner) => inner.collections),
    missed: passed((inner) => inner.missed),
    series: passed((inner) => inner.series),
    alerts: passed((inner) => inner.alerts),
    firingAlerts: passed((inner) => inner.firingAlerts),
    auditTrail: passed((inner) => inner.auditTrail),
    latestMap: passed((inner) => inner.latestMap),
    mapOf: passed((inner) => inner.mapOf),
    eventsAfter: passed((inner) => inner.eventsAfter),
    collectionPoints: passed((inner) => inner.collectionPoints),
    extremes: passed((inner) => inner.extremes),
    mapIds: passed((inner) => inner.mapIds),
    mapTypes: passed((inner) => inner.mapTypes),
    mapIdBefore: passed((inner) => inner.mapIdBefore),
    restartMarks: passed((inner) => inner.restartMarks),
    storedId: passed((inner) => inner.storedId),
    historyId: passed((inner) => inner.historyId),
    oldestCursor: passed((inner) => inner.oldestCursor),
    latestCursor: passed((inner) => inner.latestCursor),
    close: () => {
      isClosed = true;
      store?.close();
    },
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof HeapscopeError && troubleIn(error.context) === "damaged";
}

/** Moves a database and what belongs to it. Returns its new name. */
function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const to = `${file}.damaged-${stamp}`;
  for (const part of ["", "-wal", "-shm"]) if (existsSync(file + part)) renameSync(file + part, to + part);
  return to;
}
