import type { AnalysisView } from "../../client/views.ts";
import { blockWords } from "../../shared/block-words.ts";
import { changeText, countText, durationText, percentText, sizeText } from "../../shared/units-text.ts";

export interface AnalysisFigure {
  readonly name: string;
  readonly text: string;
  /** False: too little data, and `text` says what is missing. */
  readonly isKnown: boolean;
  /** UTC, ISO 8601, where the figure is of one time. */
  readonly at?: string;
}

/** As analysis/trend.ts wants them before it speaks of a trend; the daemon's findings say the same. */
const leastCollections = 20;
const leastSeconds = 3_600;

/** An answer this old is worth another one when there is something new, ms. */
const oldMs = 60_000;

/** Whether a collection came so long after the analysis that it is worth asking again. */
export function isOutdated(
  { to }: Pick<AnalysisView, "to">,
  newestCollectionAt: string | undefined,
): boolean {
  return newestCollectionAt !== undefined && Date.parse(newestCollectionAt) - Date.parse(to) > oldMs;
}

/** Every figure of the analysis with what it is, or what is missing for it. `isHelper`: the board's application reports by itself. */
export function analysisFigures(analysis: AnalysisView, isHelper = false): readonly AnalysisFigure[] {
  return [
    leakFigure(analysis),
    exhaustionFigure(analysis),
    growthFigure(analysis),
    pinsFigure(analysis, isHelper),
    churnFigure(analysis),
    ...highWaterFigures(analysis),
  ];
}

function known(name: string, text: string, at?: string): AnalysisFigure {
  return { name, text, isKnown: true, ...(at !== undefined && { at }) };
}

function unknown(name: string, missing: string): AnalysisFigure {
  return { name, text: `Too little data: ${missing}`, isKnown: false };
}

function leakFigure({ leak, counts, breaks }: AnalysisView): AnalysisFigure {
  const name = "Trend of live memory";
  if (leak === null || isEarly(leak)) {
    // Without two points apart in time, what came after the last break is one.
    const points = leak?.points ?? (breaks.length === 0 ? counts.collections : 1);
    const since = breaks.length === 0 ? "without a restart" : "since memory last began anew";
    const over = leak === null || points < 2 ? "" : ` over ${durationText(leak.spanSeconds)}`;
    return unknown(
      name,
      `it takes ${leastCollections} collections over an hour ${since}, and there ${points === 1 ? "is 1" : points === 0 ? "is none" : `are ${points}`}${over}.`,
    );
  }
  const about = Math.abs(leak.highBytesPerHour - leak.lowBytesPerHour) / 2;
  const rate = `${rounded(leak.slopeBytesPerHour)}/h ± ${sizeText(Math.round(about))}`;
  const sure = leak.significant ? "" : " No significant trend.";
  return known(
    name,
    `${rate} (95 %), ${pText(leak.pValue)}, ${countText(leak.points, "collection")} over ${durationText(leak.spanSeconds)}.${sure}`,
  );
}

function isEarly({ points, spanSeconds }: NonNullable<AnalysisView["leak"]>): boolean {
  return points < leastCollections || spanSeconds < leastSeconds;
}

function rounded(bytes: number): string {
  return changeText(Math.round(bytes));
}

/** "p < 0.001", "p = 0.042". */
export function pText(pValue: number): string {
  return pValue < 0.001 ? "p < 0.001" : `p = ${pValue.toFixed(pValue < 0.1 ? 3 : 2)}`;
}

function exhaustionFigure({ exhaustion, leak }: AnalysisView): AnalysisFigure {
  const name = "Memory runs out";
  const { sooner, heap, largestFree } = exhaustion;
  const when = sooner === "heap" ? heap : largestFree;
  if (sooner === null || when === null) {
    return leak === null || isEarly(leak)
      ? unknown(name, "there is no trend yet to go by.")
      : known(name, "Not in sight, as things go.");
  }
  const what = sooner === "heap" ? "The heap is full" : "The largest free block is used up";
  const earliest = durationText(when.earliestSeconds);
  const latest = when.latestSeconds === null ? "never" : durationText(when.latestSeconds);
  const range = earliest === latest ? "" : ` (${earliest} to ${latest})`;
  return known(
    name,
    `${what} in about ${durationText(when.seconds)}${range}, if it goes on.`,
    when.expectedAt ?? undefined,
  );
}

function growthFigure({ growth, counts }: AnalysisView): AnalysisFigure {
  const name = "Growth by type";
  if (growth.length === 0) {
    return unknown(
      name,
      `it takes some maps over time, and there ${counts.maps === 1 ? "is 1" : `are ${counts.maps}`}.`,
    );
  }
  const growing = growth.filter(({ significant }) => significant);
  if (growing.length === 0) return known(name, "No type grows or shrinks significantly.");
  return known(
    name,
    `${growing
      .slice(0, 4)
      .map(({ letter, blocksPerHour, bytesPerHour }) => {
        const rate =
          bytesPerHour === null
            ? `${blocksPerHour > 0 ? "+" : "−"}${Math.abs(blocksPerHour).toFixed(1)} blocks/h`
            : `${rounded(bytesPerHour)}/h`;
        return `${letter} (${blockWords(letter).short}) ${rate}`;
      })
      .join("; ")}.`,
  );
}

function pinsFigure({ pins, counts }: AnalysisView, isHelper: boolean): AnalysisFigure {
  const name = "What keeps free memory apart";
  const how = isHelper
    ? "Its helper reports one from time to time (map_every)."
    : "“Read map now” takes one.";
  if (counts.maps === 0) return unknown(name, `there is no map. ${how}`);
  const [first, ...others] = pins;
  if (first === undefined) return known(name, "Nothing: no few objects stand between large free runs.");
  return known(name, [first, ...others.slice(0, 2)].map(pinText).join(" "));
}

/** "2 objects of 48 B keep 12.0 KiB apart (at +0x1a40); without them 20.0 KiB would be in one piece." */
export function pinText(pin: AnalysisView["pins"][number]): string {
  const count = pin.objects.length;
  const what = count === 1 ? "1 object" : `${count} objects`;
  return `${what} of ${sizeText(pin.usedBytes)}${count === 1 ? " keeps" : " in all keep"} ${sizeText(pin.gainBytes)} apart (at +0x${pin.offsetBytes.toString(16)}); without ${count === 1 ? "it" : "them"} ${sizeText(pin.mergedFreeBytes)} would be in one piece.`;
}

function churnFigure({ churn }: AnalysisView): AnalysisFigure {
  const name = "Allocated between collections";
  if (churn === null) return unknown(name, "it takes readings between two collections.");
  const own =
    churn.ownBytesPerSecond === null
      ? "heapscope's own readings included"
      : `heapscope's own ${perSecond(churn.ownBytesPerSecond)} taken off`;
  return known(
    name,
    `${perSecond(churn.bytesPerSecond)}, ${perSecond(churn.busyBytesPerSecond)} when busiest; ${own}.`,
  );
}

function perSecond(bytes: number): string {
  return `${sizeText(Math.round(bytes))}/s`;
}

function highWaterFigures({ highWater: { mostUsed, leastLargestFree } }: AnalysisView): AnalysisFigure[] {
  const most = "Most in use";
  const least = "Smallest largest free block";
  return [
    mostUsed === null
      ? unknown(most, "there is no reading in this time.")
      : known(
          most,
          `${sizeText(mostUsed.bytes)}, ${percentText(mostUsed.bytes / Math.max(1, mostUsed.totalBytes))} of the heap, garbage included.`,
          mostUsed.at,
        ),
    leastLargestFree === null
      ? unknown(least, "this firmware does not tell it.")
      : known(least, `${sizeText(leastLargestFree.bytes)}.`, leastLargestFree.at),
  ];
}
