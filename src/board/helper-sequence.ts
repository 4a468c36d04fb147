/** Frames that were printed and did not come whole. */
export interface LostFrames {
  readonly frames: number;
  /** Half a sentence: what is known of one of them. Null = only the numbers tell. */
  readonly why: string | null;
}

/** What a verified frame's run and number tell. */
export type Arrival =
  | { readonly kind: "duplicate" }
  | {
      readonly kind: "frame";
      /** Lost before it; null = none. */
      readonly lost: LostFrames | null;
      /** The helper has started anew, and nothing had told of that before. */
      readonly restarted: boolean;
    };

interface Damaged {
  readonly run: string | null;
  readonly sequence: number | null;
  readonly why: string;
}

/** Runs that are remembered: two helpers, and those of before a restart or two. */
const MOST_RUNS = 4;
/** So many frames of one run alone, and there is no second helper any more. */
const ALONE_AFTER = 20;
/** So many frames in a row of a run that began while another was reporting, and that other one is over: a restart. */
const RESTART_AFTER = 8;
/** A damaged number that is further off is none. */
const PLAUSIBLE_GAP = 100;
/** Damaged frames that are remembered between two whole ones. */
const MOST_DAMAGED = 100;

/** Follows the numbers of a board's frames, run by run: what was lost, what came twice, who reports. */
export class HelperSequence {
  /** The newest frame of each run, in the order in which they came up last. */
  readonly #last = new Map<string, { readonly sequence: number; readonly ticksMs: number }>();
  #run: string | null = null;
  #twins: readonly [string, string] | null = null;
  #aloneFrames = 0;
  #damaged: Damaged[] = [];
  #lostFrames = 0;
  /** A change of the run is no news: it was told, or it happened while nobody listened. */
  #expectsNewRun = true;
  /** A run that has come up beside another: a restart or a second helper, and how many frames of it came in a row. */
  #undecided: { readonly run: string; readonly frames: number } | null = null;
  /** What was printed before the next frame, nobody could hear. */
  #isDeaf = true;

  /** Since it was made. */
  get lostFrames(): number {
    return this.#lostFrames;
  }

  /** The runs of two helpers that report at the same time, or null. */
  get twins(): readonly [string, string] | null {
    return this.#twins;
  }

  /** The port was closed for a while. */
  reconnected(): void {
    this.#expectsNewRun = true;
    this.#isDeaf = true;
    this.#damaged = [];
    this.#undecided = null;
  }

  /** The board's restart was seen otherwise. */
  restartHeard(): void {
    this.#expectsNewRun = true;
    this.#undecided = null;
  }

  /** A frame, or a part of one, that cannot be believed. What its header says is not proven. */
  damaged(header: { readonly run: string; readonly sequence: number } | null, why: string): void {
    if (this.#damaged.length >= MOST_DAMAGED) return;
    this.#damaged.push({ run: header?.run ?? null, sequence: header?.sequence ?? null, why });
  }

  /**
   * A verified frame. A run's name may be the same after a restart by chance; then the number does not rise, and the time is another.
   * A new run whose time goes on from the last one's may be a second helper: it is a restart once the other one does not report any
   * more, and what it printed before its first frame here is not known to be lost.
   */
  take(run: string, sequence: number, ticksMs: number): Arrival {
    const newest = this.#last.get(run);
    if (newest?.sequence === sequence && newest.ticksMs === ticksMs) return { kind: "duplicate" };
    const last = newest !== undefined && newest.sequence < sequence ? newest.sequence : undefined;
    const previous = this.#run === null ? undefined : this.#last.get(this.#run);
    const isNew = last === undefined;
    const isUntold = isNew && previous !== undefined && !this.#expectsNewRun;
    const isSurely = isUntold && (newest !== undefined || ticksMs < previous.ticksMs);
    const lost = this.#lostBefore(run, sequence, last, isUntold && !isSurely);
    const restarted = this.#decides(run, isUntold, isSurely);
    this.#noteRun(run, { sequence, ticksMs }, isNew);
    this.#expectsNewRun = false;
    this.#isDeaf = false;
    return { kind: "frame", lost, restarted };
  }

  /** No more frames come: what was damaged since the last whole one is lost. Null = nothing. */
  ended(): LostFrames | null {
    const frames = this.#run === null ? 0 : this.#tailOf(this.#run);
    return this.#lose(Math.max(frames, this.#damaged.length > 0 ? 1 : 0));
  }

  /** Whether this frame tells of a restart that nothing has told of. */
  #decides(run: string, isUntold: boolean, isSurely: boolean): boolean {
    const undecided = this.#undecided;
    if (isUntold) {
      this.#undecided = isSurely ? null : { run, frames: 1 };
      // Of three runs, no two reported together: the second one was a restart.
      return isSurely || (undecided !== null && undecided.run === this.#run && undecided.frames > 1);
    }
    if (undecided === null) return false;
    const frames = undecided.run === run ? undecided.frames + 1 : 0;
    const isOver = frames === 0 || frames >= RESTART_AFTER;
    this.#undecided = isOver ? null : { run, frames };
    return frames >= RESTART_AFTER;
  }

  #lostBefore(
    run: string,
    sequence: number,
    last: number | undefined,
    mayBeSecond: boolean,
  ): LostFrames | null {
    let frames = 0;
    if (!this.#isDeaf && !mayBeSecond) frames = sequence - (last ?? 0) - 1;
    else
      frames = new Set(
        this.#damaged.filter((it) => it.run === run && isBefore(it, sequence)).map((it) => it.sequence),
      ).size;
    // The end of the run before this one.
    if (last === undefined && this.#run !== null && !this.#isDeaf && !mayBeSecond)
      frames += this.#tailOf(this.#run);
    return this.#lose(frames);
  }

  /** How many frames of `run` after its newest the damaged ones show. */
  #tailOf(run: string): number {
    const last = this.#last.get(run)?.sequence ?? 0;
    const numbers = this.#damaged
      .filter((damaged) => damaged.run === run)
      .map((damaged) => (damaged.sequence ?? 0) - last)
      .filter((gap) => gap > 0 && gap < PLAUSIBLE_GAP);
    return numbers.length === 0 ? 0 : Math.max(...numbers);
  }

  #lose(frames: number): LostFrames | null {
    const why = this.#damaged.at(-1)?.why ?? null;
    this.#damaged = [];
    this.#lostFrames += frames;
    return frames === 0 ? null : { frames, why };
  }

  #noteRun(
    run: string,
    newest: { readonly sequence: number; readonly ticksMs: number },
    isNew: boolean,
  ): void {
    const previous = this.#run;
    this.#aloneFrames = run === previous ? this.#aloneFrames + 1 : 0;
    // One that was there before the last one is not over.
    if (!isNew && previous !== null && run !== previous) this.#twins = [previous, run];
    else if (this.#aloneFrames >= ALONE_AFTER) this.#twins = null;
    this.#last.delete(run);
    this.#last.set(run, newest);
    this.#run = run;
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= MOST_RUNS) break;
      this.#last.delete(oldest);
    }
  }
}

function isBefore({ sequence: damaged }: Damaged, sequence: number): boolean {
  return damaged !== null && damaged < sequence && sequence - damaged < PLAUSIBLE_GAP;
}
