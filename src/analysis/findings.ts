import type { BoardAnalysis, BytesTrend } from "./board-analysis.ts";
import { bytesText, durationText, intervalText, pauseText, percentText } from "./plain-text.ts";
import type { Scatter } from "./scatter.ts";
import type { Pin } from "./survivors.ts";
import { leastTrendPoints, leastTrendSeconds } from "./trend.ts";

type Facts = Omit<BoardAnalysis, "findings">;

/** What each head letter stands for, as gc_dump_alloc_table in py/gc.c chooses it. */
export const letterNames: Readonly<Record<string, string>> = {
  h: "objects of other types, and buffers",
  T: "tuples",
  L: "lists",
  D: "dicts",
  F: "floats",
  B: "functions in bytecode",
  M: "modules",
  S: "strings and bytes",
  A: "bytearrays and arrays",
};

/** A gap below this share of the heap is not worth a sentence. */
const pinShare = 0.01;

/**
 * The analysis as plain sentences for people, the most important first. None says more than the figures do.
 * `rhythmFalls`: sudden falls that are not taken for restarts.
 */
export function findingsOf(facts: Facts, rhythmFalls: number, scatter: Scatter | null): readonly string[] {
  return [
    leakFinding(facts),
    exhaustionFinding(facts),
    growthFinding(facts),
    largestFreeFinding(facts),
    fragmentationFinding(facts),
    breaksFinding(facts),
    rhythmFinding(rhythmFalls),
    churnFinding(facts),
    collectionsFinding(facts),
    scatterFinding(scatter),
    pinFinding(facts.pins[0], facts.newest?.totalBytes ?? 0),
    highWaterFinding(facts),
  ].filter((sentence) => sentence !== null);
}

function leakFinding({ counts, leak, breaks }: Facts): string {
  if (counts.collections === 0) {
    return "No collection was stored in this time, so it cannot be told whether memory leaks. Collections run every sampling.collectIntervalSeconds of the configuration, unless that is 0; POST …/collect runs one now.";
  }
  if (leak === null || leak.points < leastTrendPoints || leak.spanSeconds < leastTrendSeconds) {
    // Without two points apart in time, what came after the last break is one.
    const points = leak?.points ?? (breaks.length === 0 ? counts.collections : 1);
    const over = leak === null ? "" : ` over ${durationText(leak.spanSeconds)}`;
    return `It is too early to tell whether memory leaks: that takes ${leastTrendPoints} collections over ${durationText(leastTrendSeconds)}${breaks.length === 0 ? "" : " since memory last began anew"}, and there ${points === 1 ? "is 1" : points === 0 ? "is none" : `are ${points}${over}`} so far.`;
  }
  if (!leak.significant)
    return `Used memory after collection shows no trend beyond its usual ups and downs, over the last ${leak.points} collections in ${durationText(leak.spanSeconds)}.`;
  return `Used memory after collection ${leak.slopeBytesPerHour > 0 ? "grows" : "falls"} by ${rateText(leak)}, over the last ${leak.points} collections in ${durationText(leak.spanSeconds)}.`;
}

function exhaustionFinding({ exhaustion: { sooner, heap, largestFree } }: Facts): string | null {
  const when = sooner === "heap" ? heap : largestFree;
  if (sooner === null || when === null) return null;
  const latest = when.latestSeconds === null ? "no end in sight" : durationText(when.latestSeconds);
  const range = intervalText(durationText(when.earliestSeconds), latest);
  if (sooner === "heap")
    return `At this rate the heap is full in about ${durationText(when.seconds)}${range}.`;
  return `At this rate the largest free run is used up in about ${durationText(when.seconds)}${range}${heap === null ? "" : ", before the heap is full"}; larger allocations fail sooner.`;
}

/** Which type of block the growth is in, where that shows. */
export function growthFinding({
  leak,
  growth,
}: Pick<Facts, "growth"> & {
  readonly leak: { readonly significant: boolean; readonly slopeBytesPerHour: number } | null;
}): string | null {
  const [first] = growth;
  if (first === undefined || !first.significant || first.blocksPerHour <= 0) return null;
  const name = letterNames[first.letter];
  const bytes = first.bytesPerHour === null ? "" : `, ${bytesText(first.bytesPerHour)},`;
  const why =
    leak?.significant && leak.slopeBytesPerHour > 0
      ? "Most of the growth is in"
      : "In the maps, growth shows in";
  return `${why} blocks of type ${first.letter}${name === undefined ? "" : ` (${name})`}: ${rounded(first.blocksPerHour)} blocks${bytes} more per hour, ${first.blocks} blocks now.`;
}

function largestFreeFinding({ largestFree }: Facts): string | null {
  if (!largestFree?.significant) return null;
  const verb = largestFree.slopeBytesPerHour < 0 ? "shrinks" : "grows";
  return `The largest free run after collection ${verb} by ${rateText(largestFree)}; it is about ${bytesText(Math.max(0, largestFree.endBytes))} now.`;
}

function fragmentationFinding({ fragmentation }: Facts): string | null {
  if (!fragmentation?.significant) return null;
  const { slopePerHour, spanSeconds, end } = fragmentation;
  const change = Math.abs(slopePerHour * spanSeconds) / 3600;
  return `Fragmentation after collection ${slopePerHour > 0 ? "rose" : "fell"} by about ${rounded(change * 100)} percentage points in ${durationText(spanSeconds)}, to ${percentText(Math.min(1, Math.max(0, end)))}.`;
}

function breaksFinding({ breaks, leak }: Facts): string | null {
  const last = breaks.at(-1);
  if (last === undefined || leak === null) return null;
  return `Memory began anew at ${last}, as after a restart${breaks.length > 1 ? ` (one of ${breaks.length} times)` : ""}; only what came later counts for the trends.`;
}

function rhythmFinding(falls: number): string | null {
  if (falls === 0) return null;
  return `Used memory fell suddenly ${falls} times. So many falls count as the application's own rhythm (a cache that fills and is emptied), not as restarts, of which the board's events told none there; the trends go on across them.`;
}

function churnFinding({ churn }: Facts): string | null {
  if (churn === null) return null;
  const own =
    churn.ownBytesPerSecond === null
      ? ", heapscope's own readings included"
      : `; heapscope's own readings add ${bytesText(churn.ownBytesPerSecond)} per second`;
  return `Between collections the application allocates about ${bytesText(churn.bytesPerSecond)} per second${own}.`;
}

function collectionsFinding({ collections }: Facts): string | null {
  if (collections === null) return null;
  const { reclaimedBytes, largestFreeGainBytes, pauseMs, intervalSeconds } = collections;
  const every = intervalSeconds === null ? "" : ` every ${durationText(intervalSeconds)}`;
  const pause = pauseMs === null ? "" : ` in ${pauseText(pauseMs)}`;
  const freed = reclaimedBytes > 0 ? `freed ${bytesText(reclaimedBytes)}${pause}` : `freed nothing${pause}`;
  const gain =
    largestFreeGainBytes === null || largestFreeGainBytes <= 0
      ? ""
      : ` and made the largest free run ${bytesText(largestFreeGainBytes)} longer`;
  return `A gc.collect()${every} lately ${freed}${gain} (median of ${collections.count}). ${collections.worthBecause}`;
}

/** Many small objects that hold the heap in pieces together, where no single one does. */
export function scatterFinding(scatter: Scatter | null): string | null {
  if (scatter === null) return null;
  const { freeRuns, apartBytes, freeBytes, largestFreeBytes, objects, medianBytes, mostLetter } = scatter;
  const name = mostLetter === null ? undefined : letterNames[mostLetter];
  const mostly =
    mostLetter === null ? "" : `, mostly of type ${mostLetter}${name === undefined ? "" : ` (${name})`}`;
  return `${freeRuns} free runs are kept apart by ${objects} small objects${mostly}, of ${bytesText(medianBytes)} each (median): ${bytesText(apartBytes)} of the ${bytesText(freeBytes)} that are free lie in pieces, and the largest is ${bytesText(largestFreeBytes)}. Objects that stay, allocated among others that go, leave a heap like that; allocated early, or reused, they lie together.`;
}

/** What keeps the two largest gaps apart that one object does; null where it is not worth a sentence. */
export function pinFinding(pin: Pin | undefined, totalBytes: number): string | null {
  if (pin === undefined || pin.gainBytes < totalBytes * pinShare) return null;
  const [first, ...others] = pin.objects;
  if (first === undefined) return null;
  const oldest = others.reduce((one, other) => (other.ageReadings > one.ageReadings ? other : one), first);
  const what =
    pin.objects.length === 1
      ? `One object of type ${oldest.letter} (${bytesText(pin.usedBytes)})`
      : `${pin.objects.length} objects (${bytesText(pin.usedBytes)} in all)`;
  const keeps = pin.objects.length === 1 ? "keeps" : "keep";
  const age = oldest.ageReadings > 1 ? `, for ${oldest.ageReadings} maps by now (since ${oldest.since})` : "";
  return `${what} at offset 0x${pin.offsetBytes.toString(16)} of the area at ${pin.area} ${keeps} free runs of ${bytesText(pin.leftFreeBytes)} and ${bytesText(pin.rightFreeBytes)} apart${age}; without, they would be one of ${bytesText(pin.mergedFreeBytes)}.`;
}

function highWaterFinding({ highWater: { mostUsed, leastLargestFree } }: Facts): string | null {
  if (mostUsed === null) return null;
  const share = percentText(mostUsed.bytes / Math.max(1, mostUsed.totalBytes));
  const least =
    leastLargestFree === null
      ? ""
      : `; the largest free run was shortest at ${leastLargestFree.at}, with ${bytesText(leastLargestFree.bytes)}`;
  return `Most memory was in use at ${mostUsed.at}: ${bytesText(mostUsed.bytes)}, ${share} of the heap, garbage included${least}.`;
}

/** "5.9 KiB per hour (95 %: 5.7 KiB to 6.1 KiB)", by the slope's amount. */
function rateText({ slopeBytesPerHour, lowBytesPerHour, highBytesPerHour }: BytesTrend): string {
  const sign = slopeBytesPerHour < 0 ? -1 : 1;
  const [low, high] = sign < 0 ? [-highBytesPerHour, -lowBytesPerHour] : [lowBytesPerHour, highBytesPerHour];
  return `${bytesText(slopeBytesPerHour * sign)} per hour${intervalText(bytesText(low), bytesText(high))}`;
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
