import { coalescedFrame, type EncodedEvent } from "./feed-events.ts";

/** What the outbox needs of a WebSocket. */
export interface OutboxSocket {
  /** Bytes accepted by `send` that the operating system has not taken yet. */
  readonly bufferedAmount: number;
  /** `written` is called, later, when the operating system has the frame. */
  send(frame: Buffer | string, written: () => void): void;
}

export interface OutboxLimits {
  /** Above so many buffered bytes a client counts as slow, and events wait here instead. */
  readonly bufferedBytes: number;
  /** So many events other than readings may wait; one more and the client is cut off. */
  readonly waitingEvents: number;
}

interface Waiting {
  readonly event: EncodedEvent;
  /** Older readings of the same board that this one stands for. */
  readonly replaced: number;
}

/**
 * Sends live events to one client, and keeps a slow one from costing more than a bounded piece of memory: first
 * directly; while the socket is full, only the newest reading per board waits and everything else in order; and when
 * too much waits, the client is closed with 1013 (try again later) and resumes by cursor.
 */
export class ClientOutbox {
  readonly #socket: OutboxSocket;
  readonly #limits: OutboxLimits;
  /** Insertion order is cursor order: a reading that replaces another goes to the end. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #cutOff: () => void;
  #waitingEvents = 0;
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

  /** Sends `event`, now or when the client has caught up. Cursors must rise from call to call. */
  push(event: EncodedEvent): void {
    if (this.#isCut) return;
    if (this.#waiting.size === 0 && this.#hasRoom()) {
      this.sendNow(event.frame);
    } else if (event.type === "reading") {
      const key = `reading of ${event.boardId}`;
      const older = this.#waiting.get(key);
      this.#waiting.delete(key);
      this.#waiting.set(key, { event, replaced: older === undefined ? 0 : older.replaced + 1 });
    } else if (this.#waitingEvents < this.#limits.waitingEvents) {
      this.#waitingEvents++;
      this.#waiting.set(`event ${event.cursor}`, { event, replaced: 0 });
    } else {
      this.#isCut = true;
      this.clear();
      this.#cutOff();
    }
  }

  /**
   * Sends a frame whatever waits: a greeting, a snapshot, a page of a replay. All frames of a client go through here,
   * because events may have to wait behind any of them: `written`, and then what waits, follows when it has left.
   */
  sendNow(frame: Buffer | string, written?: () => void): void {
    this.#socket.send(frame, () => {
      written?.();
      this.#flush();
    });
  }

  /** Forgets what waits: a snapshot or a replay is about to cover it. */
  clear(): void {
    this.#waiting.clear();
    this.#waitingEvents = 0;
  }

  #hasRoom(): boolean {
    return this.#socket.bufferedAmount <= this.#limits.bufferedBytes;
  }

  #flush(): void {
    for (const [key, { event, replaced }] of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(key);
      if (event.type !== "reading") this.#waitingEvents--;
      this.sendNow(replaced === 0 ? event.frame : coalescedFrame(event, replaced));
    }
  }
}
