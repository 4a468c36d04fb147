import { memo } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SeriesView } from "../../client/views.ts";
import { useSession } from "../model/session.tsx";
import { Queue } from "./queue.ts";
import { height, pathOf, width } from "./sparkline-path.ts";

/** A quarter of an hour each. */
const points = 96;
const everyMs = 5 * 60_000;
/** Many boards ask at once when the page is opened; the daemon has other work. */
const queue = new Queue(2);

/** The largest free block over a day, loaded when the row is seen. Its scale begins at 0. */
export const DaySparkline = memo(({ boardId }: { readonly boardId: string }) => {
  const { rest } = useSession();
  const place = useRef<HTMLSpanElement>(null);
  const [series, setSeries] = useState<SeriesView | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const answer = await queue
        .run(() => rest.series(boardId, { metric: "largestFreeBytes", points }, abort.signal), abort.signal)
        .catch(() => null);
      if (abort.signal.aborted) return;
      if (answer !== null) setSeries(answer);
      timer = setTimeout(() => void ask(), everyMs);
    };
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      void ask();
    });
    if (place.current !== null) seen.observe(place.current);
    return () => {
      abort.abort();
      seen.disconnect();
      clearTimeout(timer);
    };
  }, [rest, boardId]);
  return (
    <span ref={place} class="sparkline">
      {series !== null && series.buckets.length > 0 && <Line series={series} />}
    </span>
  );
});

function Line({ series }: { readonly series: SeriesView }) {
  const most = Math.max(...series.buckets.map(({ max }) => max), 1);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path d={pathOf(series, most)} />
    </svg>
  );
}
