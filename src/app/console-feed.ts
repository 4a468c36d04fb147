import type { CancelTimer, Clock } from "../shared/clock.ts";

export interface BoardFeedDeps {
  /** Resolves when the system has taken the bytes; a rejection ends the feed. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly clock: Clock;
  /** No more is to be pushed for now. */
  readonly holdSource: () => void;
  readonly resumeSource: () => void;
  /** The source is held, and nothing has moved for a long time. */
  readonly onStuck: () => void;
}

/** What may wait for the board, give or take a chunk; a source that has more is held. */
const ROOM_BYTES = 64 * 1024;
/** After `stop()`, no more than one of these still reaches the board. */
const PIECE_BYTES = 1024;
/** A source that is held is not listened to, so nobody would notice that it left, ms. */
const STUCK_MS = 30_000;

/** Bytes on their way to a board, in order, with room for some: a board takes them as slowly as it likes. */
export class BoardFeed {
  readonly #deps: BoardFeedDeps;
  #queue: Uint8Array[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;
  #stopped = false;
  #cancelStuck: CancelTimer | null = null;

  constructor(deps: BoardFeedDeps) {
    this.#deps = deps;
  }

  push(bytes: Uint8Array): void {
    if (this.#stopped || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= ROOM_BYTES && this.#cancelStuck === null) {
      this.#deps.holdSource();
      this.#watchProgress();
    }
    this.#running ??= this.#run();
  }

  /** Resolves when the board has taken everything, or the feed has ended. */
  async empty(): Promise<void> {
    await this.#running;
  }

  /** Drops what is waiting. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    this.#cancelStuck?.();
    this.#cancelStuck = null;
  }

  async #run(): Promise<void> {
    try {
      for (let chunk = this.#queue.shift(); chunk; chunk = this.#queue.shift()) await this.#send(chunk);
    } catch {
      // The port is gone, which the console's end tells.
      this.stop();
    }
    this.#running = null;
  }

  async #send(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length && !this.#stopped; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      await this.#deps.write(piece);
      this.#waitingBytes -= piece.length;
      if (this.#cancelStuck === null || this.#stopped) continue;
      if (this.#waitingBytes < ROOM_BYTES / 2) {
        this.#cancelStuck();
        this.#cancelStuck = null;
        this.#deps.resumeSource();
      } else {
        this.#watchProgress();
      }
    }
  }

  #watchProgress(): void {
    this.#cancelStuck?.();
    this.#cancelStuck = this.#deps.clock.after(STUCK_MS, this.#deps.onStuck);
  }
}
