import { foreignText } from "../heap/foreign-text.ts";
import type { Collection, Reading } from "../heap/reading.ts";
import { HelperFrames, type HelperItem } from "../protocol/helper-frames.ts";
import type { HelperHeader } from "../protocol/helper-header.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import type { BoardRecord } from "./board-record.ts";
import { type BoardSink, knownId } from "./board-sink.ts";
import type { HelperMemory } from "./helper-memory.ts";
import { helperLostText, helperVersionText } from "./helper-messages.ts";
import { readHelperFrame } from "./helper-reading.ts";
import type { LostFrames } from "./helper-sequence.ts";
import { collectionChange } from "./results.ts";

export interface HelperListenerDeps {
  readonly record: BoardRecord;
  readonly sink: BoardSink;
  readonly clock: Clock;
  readonly memory: HelperMemory;
  /** What the application printed itself. */
  readonly onText: (bytes: Uint8Array) => void;
  /** A verified frame was taken in, or one of another version was told of. */
  readonly onFrame: () => void;
  /** The helper has started anew, and nothing else had told of it. */
  readonly onRestart: () => void;
}

/** A frame takes no longer: a full 4 MB heap's map needs 26 s at 115200 baud. */
const LONGEST_FRAME_MS = 60_000;
/** A damaged digit looks like another version once, not twice. */
const FOREIGN_FRAMES_UNTIL_TOLD = 2;

/** Frames of another version may name their interval in a way that nobody knows: they come no more after so long, or three of their gaps, ms. */
const FOREIGN_PATIENCE_MS = 35_000;

/** Frames of another version in a row. */
interface ForeignFrames {
  readonly version: number;
  readonly frames: number;
  /** Of the newest, monotonic. */
  readonly heardMs: number;
  readonly longestGapMs: number;
}

const noForeign: ForeignFrames = { version: 0, frames: 0, heardMs: 0, longestGapMs: 0 };

type AcceptedReading = Reading & { readonly id: number };

/** What one connection hears of the helper on its board: frames become readings and collections, what is lost is told. */
export class HelperListener {
  readonly #deps: HelperListenerDeps;
  readonly #frames = new HelperFrames();
  /** When the last verified frame, or a part of one from a live helper, came; monotonic. */
  #heardMs: number | null = null;
  #cancelOpen: CancelTimer | null = null;
  #before: AcceptedReading | null = null;
  #foreign = noForeign;
  #mapWaiters: ((reading: Reading) => void)[] = [];

  constructor(deps: HelperListenerDeps) {
    this.#deps = deps;
    deps.memory.sequence.reconnected();
  }

  /** Until when the helper counts as live, monotonic ms: three of its intervals and 5 s. Null: it is not. */
  get liveUntilMs(): number | null {
    const { intervalMs } = this.#deps.memory;
    return this.#heardMs === null || intervalMs === null ? null : this.#heardMs + 3 * intervalMs + 5_000;
  }

  get isLive(): boolean {
    const untilMs = this.liveUntilMs;
    return untilMs !== null && this.#deps.clock.monotonicMs() < untilMs;
  }

  /** The version of frames that nobody here can read, and until when (monotonic ms) they count as coming; null: none come. */
  get unreadable(): { readonly version: number; readonly untilMs: number } | null {
    const { version, frames } = this.#foreign;
    const untilMs = foreignUntilMs(this.#foreign);
    if (frames < FOREIGN_FRAMES_UNTIL_TOLD || this.#deps.clock.monotonicMs() >= untilMs) return null;
    return { version, untilMs };
  }

  /** It has reported since it was last silent for too long. */
  get hasReported(): boolean {
    return this.#heardMs !== null;
  }

  /** A frame has begun that has not ended. */
  get isInFrame(): boolean {
    return this.#frames.isOpen;
  }

  /** What the board printed beside its answers. */
  push(bytes: Uint8Array): void {
    this.#takeAll(this.#frames.push(bytes));
  }

  /** The board restarted: a frame that was open does not end. */
  restarted(): void {
    this.#deps.memory.sequence.restartHeard();
    this.#takeAll(this.#frames.giveUp());
  }

  /** It has been silent for too long, or the connection is over. */
  ended(): void {
    this.#takeAll(this.#frames.giveUp());
    this.#tellLost(this.#deps.memory.sequence.ended());
    this.#heardMs = null;
    this.#before = null;
  }

  /** Calls `take` with the next reading that has a map. Returns what ends that. */
  onNextMap(take: (reading: Reading) => void): () => void {
    this.#mapWaiters.push(take);
    return () => {
      this.#mapWaiters = this.#mapWaiters.filter((waiter) => waiter !== take);
    };
  }

  #takeAll(items: readonly HelperItem[]): void {
    for (const item of items) this.#take(item);
    const { clock } = this.#deps;
    const isNewFrame = items.some(({ kind }) => kind === "frame" || kind === "lost");
    if (isNewFrame || !this.#frames.isOpen) {
      this.#cancelOpen?.();
      this.#cancelOpen = null;
    }
    if (this.#frames.isOpen)
      this.#cancelOpen ??= clock.after(LONGEST_FRAME_MS, () => this.#takeAll(this.#frames.giveUp()));
  }

  #take(item: HelperItem): void {
    const { onText, memory } = this.#deps;
    switch (item.kind) {
      case "text":
        onText(item.bytes);
        return;
      case "frame":
        this.#frame(item.header, item.body, item.wireBytes);
        this.#text(foreignText(item.body));
        return;
      case "lost": {
        memory.sequence.damaged(item.header, lostWords[item.reason]);
        if (this.isLive) this.#heardMs = this.#deps.clock.monotonicMs();
        // The start line is no text of the application.
        const from = item.header === null ? 0 : item.bytes.indexOf(0x3e) + 1;
        this.#text(foreignText(item.bytes.subarray(from)));
        return;
      }
      case "foreign-version":
        this.#foreignVersion(item.version);
        return;
    }
  }

  #text(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#deps.onText(bytes);
  }

  #frame(header: HelperHeader, body: Uint8Array, wireBytes: number): void {
    const { record, sink, memory, clock, onRestart, onFrame } = this.#deps;
    const result = readHelperFrame(header, body, memory.blockSizeBytes);
    if (result.kind === "lost") {
      memory.sequence.damaged(header, result.why);
      return;
    }
    const arrival = memory.sequence.take(header.run, header.sequence, header.ticksMs);
    if (arrival.kind === "duplicate") return;
    const nowMs = clock.monotonicMs();
    if (arrival.restarted) onRestart();
    this.#tellLost(arrival.lost);
    this.#foreign = noForeign;
    this.#heardMs = nowMs;
    if (header.intervalSeconds !== null) memory.intervalMs = 1000 * header.intervalSeconds;
    const { figures, helper, dump } = result;
    memory.blockSizeBytes = figures.map ? figures.blocks.sizeBytes : memory.blockSizeBytes;
    const reading = sink.acceptReading(
      {
        id: null,
        boardId: record.id,
        at: record.now(),
        source: "helper",
        phase: header.phase,
        durationMs: null,
        wireBytes,
        helper,
        ...figures,
      },
      dump,
    );
    const told = { ...reading, id: knownId(reading.id) };
    record.noteReading(told);
    this.#pair(header, reading);
    onFrame();
    if (told.map) for (const take of this.#mapWaiters.splice(0)) take(told);
  }

  /** A reading before and one right after a collection make a collection. */
  #pair({ phase, pauseUs, run, sequence }: HelperHeader, after: AcceptedReading): void {
    const { record, sink } = this.#deps;
    const before = this.#before;
    const isAfter = before?.helper?.run === run && before.helper.sequence === sequence - 1;
    if (phase === "before-collect") this.#before = after;
    else if (isAfter) this.#before = null;
    if (phase !== "after-collect" || before === null || !isAfter) return;
    const collection: Collection = {
      id: null,
      boardId: record.id,
      at: record.now(),
      beforeId: before.id,
      afterId: after.id,
      ...collectionChange(before, after),
      pauseMs: pauseUs === null ? null : pauseUs / 1000,
    };
    sink.acceptCollection(collection);
    record.noteCollection();
  }

  #tellLost(lost: LostFrames | null): void {
    if (lost) this.#deps.record.miss("periodic", "helper-frame-lost", helperLostText(lost));
  }

  #foreignVersion(version: number): void {
    const { clock, record, onFrame } = this.#deps;
    const heardMs = clock.monotonicMs();
    const before = this.#foreign;
    const frames = before.version === version ? before.frames + 1 : 1;
    // What had ceased to come begins with a gap that is none of its own.
    const goesOn = frames === FOREIGN_FRAMES_UNTIL_TOLD || heardMs < foreignUntilMs(before);
    const longestGapMs = frames > 1 && goesOn ? Math.max(before.longestGapMs, heardMs - before.heardMs) : 0;
    this.#foreign = { version, frames, heardMs, longestGapMs };
    if (frames === FOREIGN_FRAMES_UNTIL_TOLD)
      record.miss("periodic", "helper-version", helperVersionText(record.id, version));
    if (frames >= FOREIGN_FRAMES_UNTIL_TOLD) onFrame();
  }
}

function foreignUntilMs({ heardMs, longestGapMs }: ForeignFrames): number {
  return heardMs + Math.max(FOREIGN_PATIENCE_MS, 3 * longestGapMs + 5_000);
}

const lostWords = {
  cut: "it was cut off",
  "start-damaged": "its start line was damaged",
  "end-alone": "its start line did not come",
  "end-other": "its start and end line do not agree",
  "end-damaged": "its end line was damaged",
  "too-long": "it did not end",
} as const;
