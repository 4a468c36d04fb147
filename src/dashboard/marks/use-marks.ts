import { useEffect, useMemo, useRef } from "preact/hooks";
import type { MarkView, ReadingView } from "../../client/views.ts";
import type { HeapscopeError } from "../../shared/errors.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { hasNewMark, type MarkEvent, markEvents, marksTogether, mostMarked } from "./mark-events.ts";

/** Only the daemon says what a block cost, so it is asked again when marks came, but not more often. */
const leastMs = 3_000;

export interface Marked {
  readonly events: readonly MarkEvent[];
  readonly error: HeapscopeError | null;
  readonly reload: () => void;
}

/** What the board's application marked: by REST, and what the feed told since. Times in ms since the epoch; null: no bound. */
export function useMarks(
  boardId: string,
  readings: readonly ReadingView[],
  fromMs: number | null,
  toMs: number | null,
): Marked {
  const [loaded, reload] = useLoad<readonly MarkView[]>(
    (rest, signal) => rest.marks(boardId, { from: iso(fromMs), to: iso(toMs), limit: mostMarked }, signal),
    [boardId, fromMs, toMs],
  );
  const stored = loadedValue(loaded);
  const isAsking = loaded.kind === "stale" && loaded.error === null;
  // A time that is over gets no more marks.
  const isDue = stored !== undefined && !isAsking && toMs === null && hasNewMark(stored, readings);
  useEffect(() => {
    if (!isDue) return;
    const timer = setTimeout(reload, leastMs);
    return () => clearTimeout(timer);
  }, [isDue, reload]);
  // While another time is on its way, what is there stays.
  const last = useRef<readonly MarkView[]>([]);
  last.current = stored ?? last.current;
  const held = last.current;
  const marked = readings.filter(({ helper }) => helper?.mark != null);
  const newest = marked.at(-1);
  // Most readings bring no mark: then nothing need be made again.
  const events = useMemo(
    () => markEvents(marksTogether(held, marked)),
    [held, marked.length, newest?.id, newest?.at],
  );
  return { events, error: "error" in loaded ? loaded.error : null, reload };
}

function iso(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(Math.round(ms)).toISOString();
}
