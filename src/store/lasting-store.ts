import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { fileMark, isEmptyFile, moveAside } from "./database-files.ts";
import { failingAsStore, lockOf } from "./open-database.ts";
import { openStore, type StoreOptions } from "./open-store.ts";
import { type StoreTrouble, troubleIn } from "./store-trouble.ts";
import type { Store } from "./store-types.ts";

/** Why a new history was begun in place of the one there was. */
export type Replacement =
  /** The old one is whole, under this name. */
  | { readonly kind: "damaged"; readonly movedTo: string }
  /** It had zero bytes, as a crash of a file system may leave it. */
  | { readonly kind: "empty" }
  /** Somebody removed it, moved it, or put another file in its place while it was open. */
  | { readonly kind: "removed" };

export interface LastingStoreOptions extends Omit<StoreOptions, "lockedMs"> {
  /** Wall time, ms since the Unix epoch. */
  readonly nowMs: () => number;
  readonly onReplaced: (why: Replacement) => void;
}

/** The event loop stands still while a call waits for a lock, and what writes tries again by itself. */
const lockedMs = 100;
/** How often it looks whether the file is still there, ms. */
const lookMs = 1000;
/** What passes by itself, or when somebody sees to the disk. */
const passing: ReadonlySet<StoreTrouble> = new Set(["full", "read-only", "disk-error", "busy"]);

/**
 * A history that outlives its disk. Where that is full, read-only, failing or locked, calls throw `store-failed`, and the file is
 * opened again when the next call needs it; also at the start. A damaged file is moved aside, never deleted, with the first
 * write after the damage was found, whoever found it; a file that is gone is begun anew. Ids of a new history go on after the last
 * one known: a cursor that a client holds stays in order.
 *
 * Throws at the start what no waiting mends: a file of another program, a newer heapscope's, one that another heapscope
 * is writing to, a folder without permission.
 */
export function openLastingStore(options: LastingStoreOptions): Store {
  const { file, nowMs, onReplaced } = options;
  let store: Store | null = null;
  let lastCursor = options.continueAfter ?? 0;
  let historyId: string | undefined;
  let isClosed = false;
  let isStarted = false;
  let damageFound = false;
  /** Of the open file. */
  let mark: string | null = null;
  let lookedMs = nowMs();
  /** Whether the file was ours before: only then may it be moved. */
  const isOurs = file !== ":memory:" && fileMark(lockOf(file)) !== null;

  function opened(): Store {
    if (isClosed) throw heapscopeError("store-failed", { file, reason: "it is closed" });
    if (store !== null && isGone()) {
      drop();
      onReplaced({ kind: "removed" });
    }
    try {
      store ??= openOrReplace();
    } catch (error) {
      throw isStarted ? asPassing(error) : error;
    }
    return store;
  }

  function openOrReplace(): Store {
    if (isOurs && lastCursor === 0 && isEmptyFile(file)) {
      lastCursor = idAfterUnknown();
      onReplaced({ kind: "empty" });
    }
    try {
      return begun();
    } catch (error) {
      if (!isDamage(error) || !(isOurs || lastCursor > 0)) throw error;
      return replaced();
    }
  }

  function begun(): Store {
    const fresh = openStore({ file, continueAfter: lastCursor, historyId, lockedMs });
    try {
      lastCursor = Math.max(lastCursor, fresh.latestCursor());
      historyId = fresh.historyId();
      mark = fileMark(file);
      return fresh;
    } catch (error) {
      fresh.close();
      throw error;
    }
  }

  /** Ms since 1970 have passed any count of events: nobody holds a cursor beyond. */
  function idAfterUnknown(): number {
    return Math.floor(nowMs());
  }

  function replaced(): Store {
    drop();
    const movedTo = failingAsStore(file, () => moveAside(file, nowMs()));
    damageFound = false;
    if (lastCursor === 0) lastCursor = idAfterUnknown();
    onReplaced({ kind: "damaged", movedTo });
    store = begun();
    return store;
  }

  function drop(): void {
    try {
      store?.close();
    } catch {
      // It is given up in any case.
    }
    store = null;
  }

  /** SQLite goes on with a file that has no name any more, and all of it would be lost with the process. */
  function isGone(): boolean {
    if (file === ":memory:") return false;
    const sinceMs = nowMs() - lookedMs;
    if (sinceMs >= 0 && sinceMs < lookMs) return false;
    lookedMs += sinceMs;
    return fileMark(file) !== mark;
  }

  /** What a failure of the open file means for the next call. */
  function noteFailure(error: unknown): void {
    if (!(error instanceof HeapscopeError)) return;
    const trouble = troubleIn(error.context);
    damageFound ||= trouble === "damaged";
    // A full disk leaves the file usable; after these SQLite wants it opened afresh.
    if (trouble === "disk-error" || trouble === "read-only") drop();
  }

  const passed =
    <Args extends readonly unknown[], Result>(call: (store: Store) => (...args: Args) => Result) =>
    (...args: Args): Result => {
      const current = opened();
      try {
        return call(current)(...args);
      } catch (error) {
        noteFailure(error);
        throw error;
      }
    };

  /** Writing is what a damaged file may not stop. */
  const written =
    <Args extends readonly unknown[], Result>(call: (store: Store) => (...args: Args) => Result) =>
    (...args: Args): Result => {
      const mayReplace = file !== ":memory:";
      if (damageFound && mayReplace && !isClosed) replaced();
      try {
        return passed(call)(...args);
      } catch (error) {
        if (!isDamage(error) || !mayReplace || isClosed) throw error;
        return call(replaced())(...args);
      }
    };

  try {
    opened();
  } catch (error) {
    if (!(error instanceof HeapscopeError) || !passing.has(troubleIn(error.context))) throw error;
  }

  isStarted = true;

  return {
    append: written((inner) => (events) => {
      const stored = inner.append(events);
      lastCursor = stored.at(-1)?.cursor ?? lastCursor;
      return stored;
    }),
    upsertBoard: written((inner) => inner.upsertBoard),
    tidy: written((inner) => inner.tidy),
    webhookCursor: passed((inner) => inner.webhookCursor),
    setWebhookCursor: passed((inner) => inner.setWebhookCursor),
    keepWebhookCursors: passed((inner) => inner.keepWebhookCursors),
    audit: passed((inner) => inner.audit),
    boards: passed((inner) => inner.boards),
    board: passed((inner) => inner.board),
    readings: passed((inner) => inner.readings),
    collections: passed((inner) => inner.collections),
    missed: passed((inner) => inner.missed),
    series: passed((inner) => inner.series),
    alerts: passed((inner) => inner.alerts),
    firingAlerts: passed((inner) => inner.firingAlerts),
    auditTrail: passed((inner) => inner.auditTrail),
    mappedReadings: passed((inner) => inner.mappedReadings),
    markedReadings: passed((inner) => inner.markedReadings),
    latestMap: passed((inner) => inner.latestMap),
    mapOf: passed((inner) => inner.mapOf),
    eventsAfter: passed((inner) => inner.eventsAfter),
    collectionPoints: passed((inner) => inner.collectionPoints),
    extremes: passed((inner) => inner.extremes),
    mapIds: passed((inner) => inner.mapIds),
    mapTypes: passed((inner) => inner.mapTypes),
    mapIdBefore: passed((inner) => inner.mapIdBefore),
    restartMarks: passed((inner) => inner.restartMarks),
    readingTimes: passed((inner) => inner.readingTimes),
    readingGaps: passed((inner) => inner.readingGaps),
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

/** What could be opened once can be again, when somebody sees to it: what is to be written may wait for that. */
function asPassing(error: unknown): unknown {
  if (!(error instanceof HeapscopeError) || troubleIn(error.context) !== "other") return error;
  return new HeapscopeError(error.code, error.message, { ...error.context, trouble: "unusable" });
}

function isDamage(error: unknown): boolean {
  return error instanceof HeapscopeError && troubleIn(error.context) === "damaged";
}
