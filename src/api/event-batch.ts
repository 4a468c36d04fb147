import type { EventType, NewEvent, StoredEvent } from "../store/store-types.ts";
import type { Portion } from "./client-outbox.ts";
import { boardOf, type EncodedEvent, encodeEvent, encodeUnstored } from "./feed-events.ts";

/** What decides who gets an event. */
export interface EventSubject {
  readonly type: EventType;
  readonly boardId: string;
  /** The board's name now; undefined where it is not attached. */
  readonly boardName: () => string | undefined;
}

interface Entry {
  readonly subject: EventSubject;
  readonly encode: () => EncodedEvent;
  encoded: EncodedEvent | undefined;
}

/**
 * The events that were published since the last turn, in order. Each is encoded when the first client wants it, and at most
 * once; clients that want the same events share the same bytes, so that each costs one write however many events there are.
 */
export class EventBatch {
  readonly #entries: Entry[] = [];
  readonly #portions = new Map<string, Portion>();
  readonly #nameOf: (boardId: string) => string | undefined;
  /** Events that were encoded. */
  encodings = 0;

  constructor(nameOf: (boardId: string) => string | undefined) {
    this.#nameOf = nameOf;
  }

  get size(): number {
    return this.#entries.length;
  }

  add(event: StoredEvent): void {
    this.#entries.push({
      subject: this.#subject(event.type, event.boardId),
      encode: () => encodeEvent(event),
      encoded: undefined,
    });
  }

  addUnstored(event: NewEvent): void {
    const subject = this.#subject(event.type, boardOf(event));
    this.#entries.push({ subject, encode: () => encodeUnstored(event), encoded: undefined });
  }

  /** The events that `wants` is true for; undefined where it is none. */
  portion(wants: (event: EventSubject) => boolean): Portion | undefined {
    const wanted = this.#entries.filter(({ subject }) => wants(subject));
    if (wanted.length === 0) return undefined;
    const key =
      wanted.length === this.#entries.length
        ? "all"
        : wanted.map((entry) => this.#entries.indexOf(entry)).join();
    const known = this.#portions.get(key);
    if (known !== undefined) return known;
    const events = wanted.map((entry) => this.#encoded(entry));
    const [only] = events;
    const frames =
      only !== undefined && events.length === 1
        ? only.frame
        : Buffer.concat(events.map(({ frame }) => frame));
    const portion = { events, frames };
    this.#portions.set(key, portion);
    return portion;
  }

  #encoded(entry: Entry): EncodedEvent {
    if (entry.encoded === undefined) {
      entry.encoded = entry.encode();
      this.encodings++;
    }
    return entry.encoded;
  }

  #subject(type: EventType, boardId: string): EventSubject {
    let name: { readonly found: string | undefined } | undefined;
    return {
      type,
      boardId,
      // Looked up only where a subscription names boards, and once.
      boardName: () => {
        name ??= { found: this.#nameOf(boardId) };
        return name.found;
      },
    };
  }
}
