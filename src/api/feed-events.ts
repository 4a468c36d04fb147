import type { BoardSnapshot } from "../board/board-status.ts";
import type { NewEvent, StoredEvent } from "../store/store-types.ts";
import { headerBytes, textFrame } from "./websocket-frame.ts";

/** An event as it goes to every client: encoded once, shared. */
export interface EncodedEvent {
  /**
   * While a client is slow, the newer event of a slot takes the place of the older one that waits. Null: each one waits for
   * itself.
   */
  readonly slot: string | null;
  /** The whole message as a WebSocket frame. */
  readonly frame: Buffer;
  /** Bytes of the message's beginning, behind which `"coalesced"` goes. */
  readonly headBytes: number;
}

/** A board event with all that it lacks where an older heapscope has stored it. */
function completed(data: object): object {
  const { lastReading } = data as Partial<BoardSnapshot>;
  const reading = lastReading && { lastReading: { ...{ helper: null }, ...lastReading } };
  return { ...{ readIntervalMs: null }, ...data, ...reading };
}

/** `{"type":…,"cursor":…,"data":…}`. Only readings may be coalesced: a newer one says what the older said, and more. */
export function encodeEvent({ type, boardId, cursor, data }: StoredEvent): EncodedEvent {
  const head = `{"type":"${type}"`;
  return encoded(
    type === "reading" ? `reading ${boardId}` : null,
    head,
    `,"cursor":${cursor},"data":${JSON.stringify(type === "board" ? completed(data) : data)}}`,
  );
}

/**
 * `{"type":"unstored","event":…,"data":…}`: an event without a place in history. The newest of each kind and board stands
 * for the older ones (alerts: of each rule), because nothing can be promised about them anyway.
 */
export function encodeUnstored(event: NewEvent): EncodedEvent {
  const { type, data } = event;
  const rule = type === "alert" ? ` ${event.data.rule}` : "";
  const head = `{"type":"unstored","event":"${type}"`;
  return encoded(`unstored ${type} ${boardOf(event)}${rule}`, head, `,"data":${JSON.stringify(data)}}`);
}

/** The board that an event is about. */
export function boardOf(event: NewEvent): string {
  return event.type === "board" ? event.boardId : event.data.boardId;
}

/** The same message with `"coalesced": replaced`: how many older events it stands for. Does not encode again. */
export function coalescedFrame({ frame, headBytes }: EncodedEvent, replaced: number): Buffer {
  const payload = frame.subarray(headerBytes(frame));
  return textFrame(
    payload.subarray(0, headBytes),
    Buffer.from(`,"coalesced":${replaced}`),
    payload.subarray(headBytes),
  );
}

function encoded(slot: string | null, head: string, rest: string): EncodedEvent {
  return { slot, frame: textFrame(Buffer.from(head + rest)), headBytes: Buffer.byteLength(head) };
}
