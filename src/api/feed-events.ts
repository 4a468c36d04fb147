import type { EventType, StoredEvent } from "../store/store-types.ts";

/** An event as it goes to every client: encoded once, shared. */
export interface EncodedEvent {
  readonly type: EventType;
  readonly boardId: string;
  readonly cursor: number;
  /** The whole JSON message, UTF-8. */
  readonly frame: Buffer;
}

/** `{"type":…,"cursor":…,"data":…}`, in this order: `coalescedFrame` relies on type being first. */
export function encodeEvent({ type, boardId, cursor, data }: StoredEvent): EncodedEvent {
  const frame = Buffer.from(`${head(type)},"cursor":${cursor},"data":${JSON.stringify(data)}}`);
  return { type, boardId, cursor, frame };
}

/** The same message with `"coalesced": replaced`: how many older readings it stands for. Does not encode again. */
export function coalescedFrame(event: EncodedEvent, replaced: number): Buffer {
  const start = head(event.type);
  return Buffer.concat([
    Buffer.from(`${start},"coalesced":${replaced}`),
    event.frame.subarray(Buffer.byteLength(start)),
  ]);
}

function head(type: EventType): string {
  return `{"type":"${type}"`;
}
