import Type, { type TSchema } from "typebox";

/** `schema` or null, which everywhere means: unknown. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** A JSON array that our types hold as readonly. */
export function listOf<Schema extends TSchema>(
  items: Schema,
  options: { readonly description?: string } = {},
) {
  return Type.Immutable(Type.Array(items, options));
}

const bytes = (description: string) => Type.Integer({ description: `${description} Bytes.` });
const blocks = (description: string) => Type.Integer({ description: `${description} Blocks.` });

export const eventId = nullable(
  Type.Integer({
    description: "The event's id, which is also its cursor on the feed. Null before it is stored.",
  }),
);
export const isoTime = (description: string) => Type.String({ format: "date-time", description });
export const phase = Type.Enum(["periodic", "before-collect", "after-collect", "on-demand"], {
  description: "Why the reading was taken.",
});

const StackSchema = Type.Object({
  usedBytes: bytes("C stack in use when mem_info ran."),
  totalBytes: nullable(bytes("Limit of the C stack; null where the port prints only the used bytes.")),
});

const HeapSchema = Type.Object({
  totalBytes: bytes("The whole GC heap."),
  usedBytes: bytes("In use, garbage included."),
  freeBytes: bytes("Free within the heap."),
  growableBytes: nullable(bytes("What the heap could still grow by (max new split). Not free heap.")),
});

const BlocksSchema = Type.Object({
  sizeBytes: nullable(bytes("Size of one GC block.")),
  total: nullable(blocks("All blocks of all areas.")),
  oneBlock: nullable(Type.Integer({ description: "Objects of one block." })),
  twoBlock: nullable(Type.Integer({ description: "Objects of two blocks." })),
  largestUsed: nullable(blocks("The largest object.")),
  largestFree: nullable(blocks("The longest free run; null before MicroPython v1.8.2.")),
});

const HistogramBinSchema = Type.Object({
  minBlocks: blocks("Free runs of this many up to, not including, twice as many blocks."),
  runs: Type.Integer({ description: "How many such runs." }),
  blocks: blocks("In all these runs together."),
});

const TypeTotalsSchema = Type.Object({
  objects: Type.Integer({ description: "Objects with this head letter." }),
  blocks: blocks("Heads and tails of these objects."),
});

const AreaSchema = Type.Object({
  base: Type.String({
    description: "Address of the area's first block, hexadecimal, as the board printed it.",
  }),
  blocks: blocks("In this area."),
});

const MapSummarySchema = Type.Object(
  {
    areas: listOf(AreaSchema),
    verified: Type.Boolean({
      description: "True when everything recomputed from the map equals its header.",
    }),
    freeRuns: Type.Integer({ description: "Number of free runs; a run never spans areas." }),
    histogram: listOf(HistogramBinSchema, { description: "Free runs by length, in powers of two." }),
    types: Type.Record(Type.String(), TypeTotalsSchema, {
      description: "Totals by head letter as printed: h (other), S (str or bytes), A (bytearray or array), …",
    }),
  },
  { title: "MapSummary", description: "What a verbose mem_info showed besides the totals." },
);

export const markKind = Type.Enum(["point", "begin", "end", "settled"], {
  description:
    "point: a place in the code; begin, end and settled: a measured block, before it, right after it, and after the collection that follows it.",
});

const HelperFiguresSchema = Type.Object(
  {
    run: Type.String({ description: "Differs between starts of the helper; sequence counts within a run." }),
    sequence: Type.Integer({ description: "Number of the helper's frame, from 1." }),
    ticksMs: Type.Integer({ description: "The board's ticks_ms, which wraps." }),
    mark: nullable(
      Type.Object({
        kind: markKind,
        label: Type.String({ description: "As the application gave it; empty where it gave none." }),
      }),
    ),
    gcThreshold: nullable(Type.Integer({ description: "gc.threshold(); -1: it has none." })),
    peakBytes: nullable(bytes("micropython.mem_peak().")),
    idfHeap: nullable(
      listOf(
        Type.Object({
          totalBytes: bytes("The region."),
          freeBytes: bytes("Free in it."),
          largestFreeBytes: bytes("Its largest free piece."),
          minimumFreeBytes: bytes("The least that was ever free in it."),
        }),
        { description: "ESP32: the regions of its system heap (esp32.idf_heap_info)." },
      ),
    ),
  },
  { title: "HelperFigures", description: "What only a helper on the board can tell." },
);

export const ReadingSchema = Type.Object(
  {
    id: eventId,
    boardId: nullable(Type.String({ description: "Null for a dump from a file of unknown origin." })),
    at: nullable(isoTime("UTC: when the answer was complete.")),
    source: Type.Enum(["repl", "helper", "file"], { description: "How the figures came here." }),
    phase,
    durationMs: nullable(
      Type.Number({ description: "From request to end of answer as the host saw it. Milliseconds." }),
    ),
    wireBytes: nullable(bytes("Sent and received for this reading.")),
    helper: nullable(HelperFiguresSchema),
    stack: nullable(StackSchema),
    heap: HeapSchema,
    blocks: BlocksSchema,
    largestFreeBytes: nullable(
      bytes("The largest allocation that can succeed now: longest free run × block size."),
    ),
    utilization: nullable(Type.Number({ description: "used ÷ total, 0 to 1." })),
    fragmentation: nullable(
      Type.Number({ description: "1 − longest free run ÷ all free blocks, 0 (one run) to 1 (dust)." }),
    ),
    map: nullable(MapSummarySchema),
  },
  { title: "Reading", description: "One mem_info answer, parsed and timed. Null means unknown." },
);

export const CollectionSchema = Type.Object(
  {
    id: eventId,
    boardId: Type.String(),
    at: isoTime("UTC: when the reading after it was complete."),
    beforeId: nullable(
      Type.Integer({
        description: "Id of the reading before gc.collect(). Null: it is not stored, or not yet.",
      }),
    ),
    afterId: nullable(
      Type.Integer({ description: "Id of the reading after it. Null: it is not stored, or not yet." }),
    ),
    reclaimedBytes: bytes("Used before − used after; negative where the board allocated more meanwhile."),
    largestFreeGainBytes: nullable(bytes("Largest free run after − before.")),
    fragmentationBefore: nullable(Type.Number({ description: "0 to 1." })),
    fragmentationAfter: nullable(Type.Number({ description: "0 to 1." })),
    pauseMs: nullable(
      Type.Number({ description: "gc.collect() alone, by the board's own clock. Milliseconds." }),
    ),
  },
  { title: "Collection", description: "A reading, gc.collect(), a reading." },
);

export const MissedSchema = Type.Object(
  {
    id: eventId,
    boardId: Type.String(),
    at: isoTime("UTC: when it was given up."),
    phase,
    cause: Type.String({ description: 'A code of the error table, or "overlap".' }),
    detail: Type.String({ description: "For people: what happened, what it means." }),
  },
  { title: "Missed", description: "A reading that was due and did not come." },
);

export const AlertSchema = Type.Object(
  {
    id: eventId,
    boardId: Type.String(),
    at: isoTime("UTC: when it changed."),
    rule: Type.String({ description: "The rule's name." }),
    condition: Type.String({
      description: "The rule's text, such as: largestFreeBytes < 4096 for 3 readings.",
    }),
    severity: Type.Enum(["info", "warning", "critical"]),
    state: Type.Enum(["firing", "resolved"]),
    since: isoTime("UTC: when it began to fire."),
    value: nullable(
      Type.Number({
        description: "The figure that decided, in the unit of the rule's metric; null where it has none.",
      }),
    ),
    message: Type.String({ description: "One sentence for people: what it means and what to do." }),
  },
  { title: "Alert", description: "A rule began, or ceased, to be met by a board." },
);
