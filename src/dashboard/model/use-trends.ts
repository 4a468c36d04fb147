import { useMemo } from "preact/hooks";
import type { TrendView } from "../../client/views.ts";
import { loadedValue, useLoad } from "./use-load.ts";

/** The daemon computes them every five minutes. */
const everyMs = 60_000;

/** What every board's heap is coming to, by the board's id. */
export function useTrends(): ReadonlyMap<string, TrendView> {
  const [trends] = useLoad((rest, signal) => rest.trends(signal), [], everyMs);
  return useMemo(
    () => new Map((loadedValue(trends) ?? []).map((trend) => [trend.boardId, trend] as const)),
    [trends],
  );
}
