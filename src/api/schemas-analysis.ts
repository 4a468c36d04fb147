import Type from "typebox";
import { isoTime, listOf, nullable, ReadingSchema } from "./schemas-reading.ts";

const bytes = (description: string) => Type.Number({ description: `${description} Bytes.` });
const perHour = (description: string) => Type.Number({ description: `${description} Bytes per hour.` });
const count = (description: string) => Type.Integer({ description });
const share = (description: string) => Type.Number({ description: `${description} 0 to 1.` });
const seconds = (description: string) => Type.Number({ description: `${description} Seconds.` });

export const AnalysisQuerySchema = Type.Object(
  {
    from: Type.Optional(isoTime("Not before this time (included). Default: 7 days before to.")),
    to: Type.Optional(isoTime("Before this time (excluded). Default: now. At most 31 days after from.")),
  },
  { additionalProperties: false },
);

const trendFacts = {
  pValue: Type.Number({
    description:
      "Mann–Kendall, two-sided, corrected for ties and for points that follow their neighbours: the probability that a series without a trend looks like this.",
  }),
  significant: Type.Boolean({
    description:
      "True only where this is no play of chance: p < 0.001, at least 20 points over 1 h, a change beyond the usual ups and downs that goes on in the newer half, and no mere step.",
  }),
  points: count("Points of the stretch that the trend is of."),
  spanSeconds: seconds("Length of that stretch."),
  from: isoTime(
    "UTC: its first point; later than the answer's from where the series was broken by a restart or a step.",
  ),
  to: isoTime("UTC: its newest point."),
};

export const BytesTrendSchema = Type.Object(
  {
    slopeBytesPerHour: perHour("The median of the slopes of all pairs of points (Theil–Sen)."),
    lowBytesPerHour: perHour("Lower end of the slope's 95 % interval."),
    highBytesPerHour: perHour("Upper end."),
    endBytes: bytes("The line's value at its newest point."),
    spreadBytes: bytes("The usual up and down around the line: the difference of the quartiles."),
    ...trendFacts,
  },
  { title: "BytesTrend", description: "A robust trend of bytes over time." },
);

export const ShareTrendSchema = Type.Object(
  {
    slopePerHour: Type.Number({ description: "Theil–Sen slope, per hour." }),
    lowPerHour: Type.Number({ description: "Lower end of the slope's 95 % interval." }),
    highPerHour: Type.Number({ description: "Upper end." }),
    end: Type.Number({ description: "The line's value at its newest point." }),
    spread: Type.Number({
      description: "The usual up and down around the line: the difference of the quartiles.",
    }),
    ...trendFacts,
  },
  { title: "ShareTrend", description: "A robust trend of a share (0 to 1) over time." },
);

export const ExhaustionSchema = Type.Object(
  {
    seconds: seconds("From the trend's newest point, if it goes on; 0 = now."),
    earliestSeconds: seconds("With the steepest slope of the 95 % interval."),
    latestSeconds: nullable(seconds("With the flattest slope; null: it never comes to that.")),
    expectedAt: nullable(isoTime("UTC: the newest point plus seconds; null beyond the year 9999.")),
  },
  { title: "Exhaustion", description: "When something runs out." },
);

export const TypeGrowthSchema = Type.Object(
  {
    letter: Type.String({ description: "Head letter as printed: h, S, A, …" }),
    blocksPerHour: Type.Number({ description: "Theil–Sen slope over the stored maps, heads and tails." }),
    lowBlocksPerHour: Type.Number({ description: "Lower end of its 95 % interval." }),
    highBlocksPerHour: Type.Number({ description: "Upper end." }),
    bytesPerHour: nullable(perHour("The same; null where the block size is unknown.")),
    significant: Type.Boolean({ description: "As in BytesTrend." }),
    maps: count("Maps it was computed from."),
    blocks: count("Blocks of this letter in the newest map."),
    objects: count("Objects of this letter in the newest map."),
  },
  { title: "TypeGrowth", description: "How the blocks of one head letter grow." },
);

export const ChurnSchema = Type.Object(
  {
    bytesPerSecond: Type.Number({
      description:
        "What the application allocates between collections, heapscope's readings taken off. Median.",
    }),
    busyBytesPerSecond: Type.Number({ description: "The same in the busiest tenth of the cycles." }),
    ownBytesPerSecond: nullable(
      Type.Number({
        description: "Garbage of heapscope's own readings; null where unmeasured: then it is in the others.",
      }),
    ),
    cycles: count("Times between two collections that counted."),
  },
  { title: "Churn", description: "Allocation between collections." },
);

export const ExtremeSchema = Type.Object(
  {
    readingId: count("The reading that had it."),
    at: isoTime("UTC."),
    bytes: bytes("The figure."),
    totalBytes: bytes("The heap at that time."),
  },
  { title: "Extreme", description: "The reading that had the most, or the least." },
);

export const CollectionsWorthSchema = Type.Object(
  {
    count: count("Collections looked at: the newest, 100 at most. The figures are their medians."),
    intervalSeconds: nullable(seconds("The usual time from one to the next.")),
    reclaimedBytes: bytes("What one freed."),
    largestFreeGainBytes: nullable(bytes("By how much the largest free run grew.")),
    fragmentationBefore: nullable(share("Before the collection.")),
    fragmentationAfter: nullable(share("After it.")),
    pauseMs: nullable(Type.Number({ description: "gc.collect() alone. Milliseconds." })),
    worthIntervalSeconds: nullable(
      seconds(
        "How often a collection is worth its pause: garbage has taken a quarter of the free heap, and pauses take at most 1 % of the time. Null where both do not come before the board collects by itself.",
      ),
    ),
    worthBecause: Type.String({ description: "The reason, for people." }),
  },
  { title: "CollectionsWorth", description: "What gc.collect() bought lately." },
);

export const SurvivorSchema = Type.Object(
  {
    letter: Type.String({ description: "Head letter as printed." }),
    offsetBytes: bytes("From the area's base."),
    blocks: count("Its size in blocks."),
    ageReadings: count("Newest maps in a row in which an object of this letter and size stood here."),
    since: isoTime("UTC: the oldest of these maps. It may have been there before."),
  },
  { title: "Survivor", description: "An object between two gaps." },
);

export const PinSchema = Type.Object(
  {
    area: Type.String({ description: "Base of the area, hexadecimal, as printed." }),
    offsetBytes: bytes("The first object's, from the area's base."),
    usedBytes: bytes("Of all its objects."),
    leftFreeBytes: bytes("The free run before it."),
    rightFreeBytes: bytes("The free run after it."),
    mergedFreeBytes: bytes("The free run that there would be without these objects."),
    gainBytes: bytes("Free memory that would join the larger of the two runs: the smaller one."),
    objects: listOf(SurvivorSchema, { description: "What must go for the runs to merge, by address." }),
  },
  { title: "Pin", description: "Few used blocks that keep two free runs apart." },
);

const AfterCollectionSchema = Type.Object(
  {
    at: isoTime("UTC."),
    usedBytes: bytes("In use: no garbage."),
    freeBytes: bytes("Free."),
    totalBytes: bytes("The whole GC heap."),
    largestFreeBytes: nullable(bytes("Largest free run.")),
    fragmentation: nullable(share("1 − largest free run ÷ free.")),
  },
  { title: "AfterCollection", description: "The heap right after the newest collection." },
);

export const BoardAnalysisSchema = Type.Object(
  {
    boardId: Type.String(),
    from: isoTime(
      "UTC: what was looked at begins here (included). Later than asked where there are over 50 000 collections.",
    ),
    to: isoTime("UTC: and ends here (excluded)."),
    counts: Type.Object({
      readings: count("Stored readings in this time."),
      collections: count("Collections."),
      maps: count("Maps."),
    }),
    newest: nullable(AfterCollectionSchema),
    leak: nullable(BytesTrendSchema),
    breaks: listOf(isoTime("UTC."), {
      description: "When used memory began anew, as after a restart. Trends are of what came after the last.",
    }),
    exhaustion: Type.Object({
      sooner: nullable(
        Type.Enum(["heap", "largest-free"], {
          description: "What runs out first; null: nothing that one could see.",
        }),
      ),
      heap: nullable(ExhaustionSchema),
      largestFree: nullable(ExhaustionSchema),
    }),
    largestFree: nullable(BytesTrendSchema),
    fragmentation: nullable(ShareTrendSchema),
    growth: listOf(TypeGrowthSchema, {
      description: "By head letter, the fastest significant growth first.",
    }),
    churn: nullable(ChurnSchema),
    highWater: Type.Object({
      mostUsed: nullable(ExtremeSchema),
      leastLargestFree: nullable(ExtremeSchema),
    }),
    collections: nullable(CollectionsWorthSchema),
    pins: listOf(PinSchema, { description: "In the newest map, the largest gain first; 10 at most." }),
    findings: listOf(Type.String(), {
      description: "For people: the same in plain sentences, the most important first.",
    }),
  },
  {
    title: "BoardAnalysis",
    description: "What a board's history says about its memory. Null means unknown: too little data.",
  },
);

export const MapDiffQuerySchema = Type.Object(
  {
    from: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "Id of the older reading, which has a map. Default: the map before to.",
      }),
    ),
    to: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "Id of the newer reading, which has a map. Default: the newest map.",
      }),
    ),
  },
  { additionalProperties: false },
);

const BlockChangeSchema = Type.Object(
  {
    kind: Type.Enum(["appeared", "went", "changed"], {
      description:
        "appeared: free before; went: free now; changed: used before and now, but for something else.",
    }),
    offset: count("First block, counted from the area's base."),
    blocks: count("Blocks in a row."),
    from: Type.String({
      description: "What each of them was: . free, h the head of an object, h= one of its tails.",
    }),
    to: Type.String({ description: "What each of them is now." }),
  },
  { title: "BlockChange", description: "Blocks in a row that changed in the same way." },
);

const AreaDiffSchema = Type.Object(
  {
    base: Type.String({ description: "Address of the area's first block, hexadecimal, as printed." }),
    olderBlocks: nullable(count("Blocks in the older map; null: the area is new.")),
    newerBlocks: nullable(count("Blocks in the newer map; null: the area is gone.")),
    changes: listOf(BlockChangeSchema, {
      description: "By offset. Blocks beyond the end of an area count as free there.",
    }),
  },
  { title: "AreaDiff", description: "What changed in one area." },
);

export const MapDiffSchema = Type.Object(
  {
    older: ReadingSchema,
    newer: ReadingSchema,
    blockSizeBytes: Type.Integer({ description: "Size of one block in both. Bytes." }),
    areas: listOf(AreaDiffSchema),
    totals: Type.Object({
      appeared: count("Blocks."),
      went: count("Blocks."),
      changed: count("Blocks."),
    }),
    letters: Type.Record(
      Type.String(),
      Type.Object({
        gained: count(
          "Blocks that are of this letter now and were something else, or another part of an object.",
        ),
        lost: count("Blocks that were and are not."),
      }),
      { description: "By head letter, heads and tails." },
    ),
  },
  { title: "MapDiff", description: "What changed from one map to a later one." },
);
