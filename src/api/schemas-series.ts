import Type from "typebox";
import { isoTime, listOf } from "./schemas-reading.ts";

/** The metrics of store/metrics.ts; schema-contracts.ts checks that none is missing. */
export const seriesMetrics = [
  "usedBytes",
  "freeBytes",
  "largestFreeBytes",
  "fragmentation",
  "utilization",
  "stackUsedBytes",
  "wireBytes",
  "durationMs",
  "pauseMs",
  "reclaimedBytes",
  "liveBytes",
  "growthBytes",
  "idfFreeBytes",
  "idfLargestFreeBytes",
  "peakBytes",
] as const;

export const defaultPoints = 500;
/** Without `from`: so long before `to`. */
export const defaultRangeMs = 86_400_000;

export const SeriesQuerySchema = Type.Object(
  {
    metric: Type.Enum([...seriesMetrics], {
      description:
        "liveBytes: used right after a collection; growthBytes: live bytes gained since the collection before; pauseMs: gc.collect() alone; durationMs: an upper bound of the board's time for a reading; the others are fields of a reading or collection.",
    }),
    from: Type.Optional(isoTime("Not before this time (included). Default: 24 hours before to.")),
    to: Type.Optional(isoTime("Before this time (excluded). Default: now.")),
    points: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5000,
        default: defaultPoints,
        description: "At most so many buckets (one more where they do not begin with the range).",
      }),
    ),
  },
  { additionalProperties: false },
);

export const SeriesSchema = Type.Object(
  {
    boardId: Type.String(),
    metric: Type.String(),
    from: isoTime("UTC: the range asked for."),
    to: isoTime("UTC."),
    bucketSeconds: Type.Number({ description: "Width of a bucket." }),
    source: Type.Enum(["single", "minute", "hour"], {
      description:
        "What the buckets were made of: single readings or collections, or roll-ups. Coarser than the width asks for where finer data is no longer kept.",
    }),
    buckets: listOf(
      Type.Object({
        at: isoTime("UTC: where the bucket begins, a multiple of its width since the Unix epoch."),
        min: Type.Number(),
        mean: Type.Number(),
        max: Type.Number(),
        count: Type.Integer({ description: "Values in the bucket, at least 1." }),
      }),
      { description: "In order of time; a bucket without values is left out: a hole is a hole." },
    ),
  },
  { title: "Series", description: "One metric over time." },
);
