import { useMemo, useRef } from "preact/hooks";
import type { MissedView, ReadingView } from "../../client/views.ts";
import type { HeapscopeError } from "../../shared/errors.ts";
import { useMarks } from "../marks/use-marks.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { useSession } from "../model/session.tsx";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { type RangeName, ranges } from "../shell/route.ts";
import {
  collectionMarks,
  type Mark,
  mapMarks,
  mappedReadings,
  missedMarks,
  mostMarks,
  placeMarks,
} from "./chart-marks.ts";
import {
  type ChartColumns,
  chartRows,
  columnsOf,
  filledPart,
  rowsWithin,
  type SeriesSet,
} from "./chart-rows.ts";

/** A part of the range that somebody looks at, ms since the epoch. */
export interface Zoom {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChartData {
  readonly columns: ChartColumns;
  readonly marks: readonly Mark[];
  /** What they are shown of. */
  readonly shown: Zoom;
  /** Readings with a map, over the whole range, oldest first. */
  readonly mapped: readonly ReadingView[];
  readonly error: HeapscopeError | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Stored {
  readonly maps: readonly ReadingView[];
  readonly missed: readonly MissedView[];
}

/** The feed's memory holds so many intervals for certain, see dashboard-model.ts. */
const heldReadings = 100;

/** What the charts show from `fromMs` to `toMs`: history by REST, asked again when a bucket has passed, and what came live since. `untilMs`: it is later now. `isTight`: of `whole` only the end with readings, where the most of it is empty. */
export function useChartData(
  entry: BoardEntry,
  range: RangeName,
  zoom: Zoom | null,
  points: number,
  whole: Zoom,
  untilMs: number,
  isTight: boolean,
): ChartData {
  const { clock } = useSession();
  const { board, readings, collections, missed } = entry;
  const { id, readIntervalMs } = board;
  const spanMs = zoom === null ? ranges[range] : zoom.toMs - zoom.fromMs;
  const everyMs = Math.max(
    5_000,
    Math.min(spanMs / points, heldReadings * (readIntervalMs ?? 10_000), 600_000),
  );
  const fromOf = (): string => iso(zoom?.fromMs ?? clock.nowMs() - spanMs);
  const [series, reload] = useLoad<SeriesSet>(
    async (rest, signal) => {
      const ask = { from: fromOf(), to: zoom === null ? undefined : iso(zoom.toMs), points };
      const [used, free, largest, fragmentation, reclaimed] = await Promise.all([
        rest.series(id, { ...ask, metric: "usedBytes" }, signal),
        rest.series(id, { ...ask, metric: "freeBytes" }, signal),
        rest.series(id, { ...ask, metric: "largestFreeBytes" }, signal),
        rest.series(id, { ...ask, metric: "fragmentation" }, signal),
        rest.series(id, { ...ask, metric: "reclaimedBytes" }, signal),
      ]);
      return { used, free, largest, fragmentation, reclaimed };
    },
    [id, range, zoom, points],
    zoom === null ? everyMs : undefined,
  );
  const [stored] = useLoad<Stored>(
    async (rest, signal) => {
      const ask = { from: iso(clock.nowMs() - ranges[range]), limit: mostMarks };
      const [maps, missedThen] = await Promise.all([
        rest.maps(id, ask, signal),
        rest.missed(id, ask, signal),
      ]);
      return { maps, missed: missedThen };
    },
    [id, range],
    Math.max(everyMs, 60_000),
  );
  // What is newer than its beginning is left out when drawn: without a bound nothing is asked anew as time goes on.
  const marked = useMarks(id, readings, zoom?.fromMs ?? null, zoom?.toMs ?? null);
  // While another range is on its way, what is there stays.
  const lastSet = useRef<SeriesSet>(undefined);
  const set = loadedValue(series) ?? lastSet.current;
  lastSet.current = set;
  const lastStored = useRef<Stored>(undefined);
  const history = loadedValue(stored) ?? lastStored.current;
  lastStored.current = history;

  const rows = useMemo(() => chartRows(set, readings), [set, readings]);
  // Until the series is there, nobody knows what was before the feed's first reading.
  const shown = (isTight && set !== undefined ? filledPart(rows, whole) : null) ?? whole;
  const columns = useMemo(
    () => columnsOf(rowsWithin(rows, shown.fromMs, shown.toMs), readIntervalMs, untilMs),
    [rows, shown.fromMs, shown.toMs, readIntervalMs, untilMs],
  );
  const lastMapped = useRef<readonly ReadingView[]>([]);
  const mapped = useMemo(() => {
    const next = mappedReadings(history?.maps ?? [], readings);
    // Most readings bring no map: then nothing that is made of the maps need be made again.
    return areSame(next, lastMapped.current) ? lastMapped.current : next;
  }, [history, readings]);
  lastMapped.current = mapped;
  const marks = useMemo(
    () => [
      ...collectionMarks(set?.reclaimed, collections),
      ...missedMarks(history?.missed ?? [], missed),
      ...mapMarks(mapped),
      ...placeMarks(marked.events),
    ],
    [set, collections, history, missed, mapped, marked.events],
  );
  const error =
    "error" in series && series.error !== null
      ? series.error
      : "error" in stored && stored.error !== null
        ? stored.error
        : marked.error;
  return { columns, marks, shown, mapped, error, isLoading: series.kind === "loading", reload };
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

function areSame(one: readonly ReadingView[], other: readonly ReadingView[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, at }, place) => at === other[place]?.at && id === other[place]?.id)
  );
}
