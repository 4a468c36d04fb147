import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useScheme } from "./colors.ts";

export interface PlotProps {
  /** All but size and time range; asked again when `kind` or the system's colours change. */
  readonly options: () => Omit<uPlot.Options, "width" | "height">;
  readonly kind: string;
  readonly data: uPlot.AlignedData;
  readonly fromMs: number;
  readonly toMs: number;
  /** CSS pixels. */
  readonly height: number;
  /** Called with the chart, and with null when it is gone. */
  readonly onPlot?: (plot: uPlot | null) => void;
}

/** A uPlot chart over a range of time, as wide as its place. */
export function Plot({ options, kind, data, fromMs, toMs, height, onPlot }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const range = useRef<[number, number]>([fromMs / 1000, toMs / 1000]);
  const newest = useRef({ options, data, onPlot });
  range.current = [fromMs / 1000, toMs / 1000];
  newest.current = { options, data, onPlot };
  const scheme = useScheme();

  // `kind` and `scheme` stand for the options.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const base = newest.current.options();
    const made = new uPlot(
      {
        ...base,
        width: Math.max(100, element.clientWidth),
        height,
        scales: { ...base.scales, x: { time: true, range: () => range.current } },
      },
      newest.current.data,
      element,
    );
    plot.current = made;
    newest.current.onPlot?.(made);
    const sized = new ResizeObserver(() => {
      const width = Math.max(100, element.clientWidth);
      if (width !== made.width) made.setSize({ width, height });
    });
    sized.observe(element);
    return () => {
      sized.disconnect();
      newest.current.onPlot?.(null);
      plot.current = null;
      made.destroy();
    };
  }, [kind, scheme, height]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data, fromMs, toMs]);

  return <div ref={place} class="plot" aria-hidden="true" style={{ minHeight: `${height}px` }} />;
}
