import { percentText, sizeText } from "../../shared/units-text.ts";
import { eventText } from "../marks/mark-words.ts";
import type { Mark } from "./chart-marks.ts";
import { type ChartRow, type LineName, lineNames, type Spread } from "./chart-rows.ts";

/** How the charts look of each line: `color` is a variable of CSS; `dash` in pixels, so that colour is not all. */
export interface LineLook {
  readonly words: string;
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly text: (value: number) => string;
}

export const lineLooks: Readonly<Record<LineName, LineLook>> = {
  used: { words: "used", color: "--chart-used", width: 1.5, dash: [], text: wholeSize },
  free: { words: "free", color: "--chart-free", width: 1.5, dash: [6, 3], text: wholeSize },
  largest: { words: "largest free block", color: "--chart-largest", width: 2.2, dash: [], text: wholeSize },
  fragmentation: {
    words: "fragmentation",
    color: "--chart-fragmentation",
    width: 1.6,
    dash: [],
    text: percentText,
  },
};

function wholeSize(bytes: number): string {
  return sizeText(Math.round(bytes));
}

/** "12.0 KiB", or "12.0 KiB (11.2 KiB to 13.9 KiB)" where several readings are in one bucket; "–" unknown. */
export function spreadText(spread: Spread | null, text: (value: number) => string): string {
  if (spread === null) return "–";
  const [mean, min, max] = [text(spread.mean), text(spread.min), text(spread.max)];
  return min === max ? mean : `${mean} (${min} to ${max})`;
}

/** All values at one point in one sentence, for who cannot see the chart. `null`: a gap. */
export function rowText(row: ChartRow | null): string {
  if (row === null) return "no readings";
  return lineNames
    .filter((name) => row[name] !== null)
    .map((name) => `${lineLooks[name].words} ${spreadText(row[name], lineLooks[name].text)}`)
    .join(", ");
}

export function markText(mark: Mark): string {
  switch (mark.kind) {
    case "collection": {
      const bytes = wholeSize(Math.abs(mark.reclaimedBytes));
      if (mark.count > 1) return `${mark.count} collections, ${bytes} reclaimed each (mean)`;
      return mark.reclaimedBytes >= 0 ? `collection: ${bytes} reclaimed` : `collection: nothing reclaimed`;
    }
    case "map":
      return `map ${mark.readingId}: click its mark to compare`;
    case "missed":
      return `reading missed (${mark.cause}): ${mark.detail}`;
    case "place":
    case "block":
      return eventText(mark.event);
  }
}

/** How to write the times under a chart, in the viewer's zone and manner; its ticks stand `stepSeconds` apart. */
export function tickText(atMs: number, stepSeconds: number, isFirstOfDay: boolean): string {
  const date = new Date(atMs);
  const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
  if (stepSeconds >= 86_400) return day;
  const time = date.toLocaleTimeString(undefined, stepSeconds >= 60 ? toMinute : toSecond);
  return isFirstOfDay ? `${time}\n${day}` : time;
}

const toMinute = { hour: "numeric", minute: "2-digit" } as const;
const toSecond = { ...toMinute, second: "2-digit" } as const;
