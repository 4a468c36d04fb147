import Type from "typebox";
import { isoTime, listOf, nullable } from "./schemas-reading.ts";

const bytes = (description: string) => Type.Number({ description: `${description} Bytes.` });
const count = (description: string) => Type.Integer({ description });

const ModuleSchema = Type.Object(
  {
    name: Type.String({ description: "As in sys.modules." }),
    file: nullable(Type.String({ description: "__file__; null: it has none." })),
    origin: Type.Enum(["source", "compiled", "frozen", "unknown"], {
      description:
        "source: a .py file that the board compiled itself; compiled: a .mpy file; frozen: part of the firmware (no such file is on the board); unknown: without __file__, such as a module in C, or the board cannot say.",
    }),
    sizeBytes: nullable(bytes("Of the file; null: none, or not known.")),
  },
  { title: "LoadedModule", description: "A module that a board has loaded." },
);

export const ModulesSeenSchema = Type.Object(
  {
    at: isoTime("UTC: when the board was asked."),
    modules: nullable(
      listOf(ModuleSchema, { description: "By name. Null: its firmware keeps no list of them." }),
    ),
  },
  { title: "ModulesSeen", description: "The modules that a board had loaded." },
);

const PlaceSchema = Type.Object(
  { file: Type.String(), line: Type.Integer({ minimum: 1 }) },
  { title: "Place", description: "Where in the source." },
);

const MeasuredSchema = Type.Object(
  {
    label: Type.String({ description: "Which form or moment it is of." }),
    usedBytes: nullable(bytes("In use after gc.collect(), beyond what the interpreter itself uses.")),
    largestFreeBytes: nullable(bytes("Largest free block.")),
    fragmentation: nullable(Type.Number({ description: "1 - largest free / free. 0 to 1." })),
    neededBytes: nullable(bytes("The least free heap with which it succeeds.")),
    bytesPerPass: nullable(bytes("Allocated in one pass of the loop.")),
    bytesPerSecond: nullable(bytes("Allocated per second.")),
    pauseMs: nullable(Type.Number({ description: "Of a collection. Milliseconds." })),
  },
  { title: "Measured", description: "One side of a comparison. Null: not part of it." },
);

const SavingSchema = Type.Object(
  {
    bytes: bytes("What the change is worth."),
    of: Type.Enum(["heap", "peak", "largest-free", "each-pass", "each-second", "each-second-or-more"], {
      description:
        "heap: in use as long as the application runs; peak: needed for a moment; largest-free: gained by the largest free block; each-pass, each-second: not allocated any more; each-second-or-more: the part of that which shows between readings, a lower bound.",
    }),
    atMost: Type.Boolean({ description: "True: no changed form was run, so it is the most that it can be." }),
  },
  { title: "Saving" },
);

const MethodSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("interpreter"),
    interpreter: Type.String(),
    heapBytes: nullable(bytes("Of each fresh interpreter; null: it grew as it had to.")),
    repeats: count("Fresh interpreters per form."),
    spreadBytes: bytes("Greatest difference between repeats of the same form."),
  }),
  Type.Object({
    kind: Type.Literal("emulated-board"),
    interpreter: Type.String(),
    heapBytes: bytes("The board's heap."),
    seconds: Type.Number({ description: "How long it ran." }),
  }),
  Type.Object({
    kind: Type.Literal("history"),
    boardId: Type.String(),
    from: isoTime("UTC: of the first reading."),
    to: isoTime("UTC: of the last reading."),
    readings: count("Stored readings of that time."),
    collections: count("Stored collections of that time."),
  }),
]);

const tip = Type.Enum([1, 2, 3, 4, 5], {
  description: "1 monitor, 2 precompile and freeze, 3 const(), 4 buffers up front, 5 collect on purpose.",
});
const code = Type.Enum(
  [
    "not-watched-while-running",
    "read-too-rarely",
    "holes-in-history",
    "alert-missing",
    "precompile",
    "shadowed-mpy",
    "import-order",
    "loaded-from-source",
    "const",
    "allocates-in-loop",
    "pass-allocates",
    "churn",
    "collect-after-imports",
    "collect-period",
  ],
  { description: "For programs: what it is about." },
);

const FindingSchema = Type.Object(
  {
    tip,
    code,
    title: Type.String({ description: "What is so, for people." }),
    place: nullable(PlaceSchema),
    before: nullable(MeasuredSchema),
    after: nullable(MeasuredSchema),
    others: listOf(MeasuredSchema),
    saving: nullable(SavingSchema),
    method: MethodSchema,
    change: Type.String({ description: "What to do, for people." }),
    confidence: Type.Enum(["high", "medium", "low"]),
    curve: listOf(
      Type.Object({
        everySeconds: Type.Number({ description: "The period. Seconds." }),
        reclaimedBytes: bytes("Garbage gathered by then."),
        pauseShare: Type.Number({ description: "Share of the board's time that pauses take. 0 to 1." }),
      }),
      { description: "What the advice rests on, where it is a choice of a period; else empty." },
    ),
  },
  { title: "AdviceFinding", description: "Something that was measured, and what to do about it." },
);

const NotMeasuredSchema = Type.Object(
  {
    tip,
    code,
    place: nullable(PlaceSchema),
    title: Type.String({ description: "What was seen, for people." }),
    reason: Type.String({ description: "Why it is not measured, and what would measure it." }),
  },
  { title: "NotMeasured", description: "Seen, but not measured, and so no finding." },
);

const SubjectSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("files"),
    paths: listOf(Type.String()),
    measured: listOf(Type.String()),
    interpreter: Type.String(),
    heapBytes: bytes("Of the interpreter."),
  }),
  Type.Object({
    kind: Type.Literal("board"),
    boardId: Type.String(),
    from: isoTime("UTC: of the first reading; where there is none, the time that was asked for."),
    to: isoTime("UTC: of the last reading, likewise."),
    readings: count("Stored readings of that time."),
    collections: count("Stored collections of that time."),
    modules: nullable(ModulesSeenSchema),
  }),
]);

export const AdviceReportSchema = Type.Object(
  {
    subject: SubjectSchema,
    findings: listOf(FindingSchema, { description: "By bytes saved, most first." }),
    notMeasured: listOf(NotMeasuredSchema),
    problems: listOf(
      Type.Object({ file: Type.String(), line: nullable(Type.Integer()), text: Type.String() }),
      { description: "Files that could not be used. Empty for a board." },
    ),
  },
  { title: "AdviceReport", description: "What would use memory better, as far as it was measured." },
);
