import { useEffect, useMemo, useState } from "preact/hooks";
import type { ReadingView } from "../../client/views.ts";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import type { MapFlash } from "../map/heap-map.tsx";
import { changeBetween, type MapChange } from "../map/map-marks.ts";
import { useSession } from "../model/session.tsx";
import { frameIndex } from "./film-frames.ts";
import { type FilmMap, MapCache } from "./map-cache.ts";

/** Some sixty maps of an 8 MB heap. */
const mostCacheBytes = 32 * 1024 ** 2;

/** What changed since the map before. `first`: there is none in the film; `gone`: it is no longer stored. */
export type FrameChange = MapChange | { readonly kind: "first" } | { readonly kind: "gone" };

/** A frame as it is shown. */
export interface ShownFrame {
  readonly map: FilmMap;
  readonly change: FrameChange;
  readonly flash: MapFlash | null;
}

export interface Film {
  /** Of `frames`: where it stands, also while that is being loaded. */
  readonly index: number;
  readonly isPlaying: boolean;
  /** The newest that could be shown; null: nothing yet. */
  readonly shown: ShownFrame | null;
  /** `shown` is not yet what `index` says. */
  readonly isLoading: boolean;
  /** Why the frame at `index` cannot be shown. */
  readonly error: HeapscopeError | null;
  seek(index: number): void;
  setPlaying(isPlaying: boolean): void;
}

/** Plays `frames` (oldest first), each for `holdMs`. A frame that is not there yet is waited for; one that fails stops the film. */
export function useFilm(boardId: string, frames: readonly ReadingView[], holdMs: number): Film {
  const { rest } = useSession();
  const cache = useMemo(() => new MapCache((id) => rest.map(boardId, id), mostCacheBytes), [rest, boardId]);
  const [wantedId, setWantedId] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [shown, setShown] = useState<(ShownFrame & { readonly id: number }) | null>(null);
  const [failed, setFailed] = useState<{ readonly id: number; readonly error: HeapscopeError } | null>(null);
  const index = frameIndex(frames, wantedId);
  const id = frames[index]?.id ?? null;
  const beforeId = frames[index - 1]?.id ?? null;
  const nextId = frames[index + 1]?.id ?? null;

  useEffect(() => {
    if (id === null) return;
    let isWanted = true;
    const ask = async (): Promise<void> => {
      const [map, before] = await Promise.all([
        cache.get(id),
        beforeId === null ? ("first" as const) : cache.get(beforeId).catch(goneOrThrow),
      ]);
      if (!isWanted) return;
      const change: FrameChange =
        typeof before === "string" ? { kind: before } : changeBetween(before.cells, map.cells);
      setFailed(null);
      setShown({ id, map, change, flash: change.kind === "compared" ? { marks: change.marks } : null });
    };
    ask().catch((reason: unknown) => {
      if (!isWanted) return;
      setFailed({ id, error: asHeapscopeError(reason) });
      setPlaying(false);
    });
    return () => {
      isWanted = false;
    };
  }, [cache, id, beforeId]);

  const isShown = shown !== null && shown.id === id;
  useEffect(() => {
    if (!isPlaying || !isShown) return;
    if (nextId === null) {
      setPlaying(false);
      return;
    }
    // What fails here fails again, and is said, when its turn comes.
    cache.get(nextId).catch(() => {});
    const timer = setTimeout(() => setWantedId(nextId), holdMs);
    return () => clearTimeout(timer);
  }, [cache, isPlaying, isShown, nextId, holdMs]);

  return {
    index,
    isPlaying,
    shown,
    isLoading: !isShown && failed?.id !== id,
    error: failed !== null && failed.id === id ? failed.error : null,
    seek: (next) => setWantedId(frames[next]?.id ?? null),
    setPlaying: (plays) => {
      // From the end it begins anew.
      if (plays && nextId === null) setWantedId(frames[0]?.id ?? null);
      setPlaying(plays);
    },
  };
}

/** A map that the history gave up is no reason not to show the one after it. */
function goneOrThrow(reason: unknown): "gone" {
  const error = asHeapscopeError(reason);
  if (error.context["problem"] === "map-unknown") return "gone";
  throw error;
}
