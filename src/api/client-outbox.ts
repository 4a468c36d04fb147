import { coalescedFrame, type EncodedEvent } from "./feed-events.ts";

/** What the outbox needs of a connection. */
export interface OutboxSocket {
  /** Bytes accepted by `write` that the operating system has not taken yet. */
  readonly bufferedAmount: number;
  /** Writes whole WebSocket frames. `taken` is called, later, when the operating system has them. */
  write(frames: Buffer, taken: () => void): void;
}

export interface OutboxLimits {
  /** Above so many buffered bytes a client counts as slow, and everything waits instead of being written. */
  readonly bufferedBytes: number;
  /** So many events other than readings may wait; one more and the client is cut off. */
  readonly waitingEvents: number;
}

/** The events of one turn that a client wants, in order, and their frames one behind the other. */
export interface Portion {
  readonly events: readonly EncodedEvent[];
  readonly frames: Buffer;
}

interface Waiting {
  readonly event: EncodedEvent;
  /** Older events of the same slot that this one stands for. */
  readonly replaced: number;
}

/**
 * Sends to one client, and keeps a slow one from costing more than a bounded piece of memory: first directly; while
 * the socket is full, only the newest reading per board waits and everything else in order; and when too much waits,
 * the client is closed with 1013 (try again later) and resumes by cursor.
 */
export class ClientOutbox {
  readonly #socket: OutboxSocket;
  readonly #limits: OutboxLimits;
  /** Insertion order is the order of events: one that replaces another goes to the end. */
  readonly #waiting = new Map<string | number, Waiting>();
  readonly #cutOff: () => void;
  #onRoom: (() => void) | undefined;
  #waitingEvents = 0;
  #eventNumber = 0;
  #isCut = false;

  /** `cutOff` is called once, when too much waits; it closes the client with 1013. */
  constructor(socket: OutboxSocket, limits: OutboxLimits, cutOff: () => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#cutOff = cutOff;
  }

  /** Events waiting for the client to catch up. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Nothing waits, and the client takes what it is sent. */
  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#onRoom === undefined && this.#hasRoom();
  }

  /** Sends live events, now or when the client has caught up. */
  push({ events, frames }: Portion): void {
    if (this.#isCut) return;
    if (this.isIdle) this.write(frames);
    else for (const event of events) this.#wait(event);
  }

  /** Writes frames whatever waits. Only for what is small and rare, or what `whenRoom` made room for. */
  write(frames: Buffer): void {
    this.#socket.write(frames, this.#taken);
  }

  /** Calls `answer` as soon as the client takes what it is sent, at once where it does. A second call replaces the first. */
  whenRoom(answer: () => void): void {
    this.#onRoom = undefined;
    if (this.#hasRoom()) answer();
    else this.#onRoom = answer;
  }

  /** Forgets what waits: a snapshot or a replay is about to cover it, or the client is gone. */
  clear(): void {
    this.#waiting.clear();
    this.#waitingEvents = 0;
    this.#onRoom = undefined;
  }

  #wait(event: EncodedEvent): void {
    const { slot } = event;
    if (this.#isCut) return;
    if (slot !== null) {
      const older = this.#waiting.get(slot);
      this.#waiting.delete(slot);
      this.#waiting.set(slot, { event, replaced: older === undefined ? 0 : older.replaced + 1 });
    } else if (this.#waitingEvents < this.#limits.waitingEvents) {
      this.#waitingEvents++;
      this.#waiting.set(this.#eventNumber++, { event, replaced: 0 });
    } else {
      this.#isCut = true;
      this.clear();
      this.#cutOff();
    }
  }

  #hasRoom(): boolean {
    return this.#socket.bufferedAmount <= this.#limits.bufferedBytes;
  }

  readonly #taken = (): void => {
    for (const [key, { event, replaced }] of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(key);
      if (event.slot === null) this.#waitingEvents--;
      this.write(replaced === 0 ? event.frame : coalescedFrame(event, replaced));
    }
    const answer = this.#onRoom;
    if (answer === undefined || !this.#hasRoom()) return;
    this.#onRoom = undefined;
    answer();
  };
}
