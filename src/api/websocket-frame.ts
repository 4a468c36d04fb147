/** A frame with the FIN bit and the opcode for text. */
const wholeText = 0x81;
const longest7Bits = 125;
const longest16Bits = 0xffff;

/**
 * `parts` as the payload of one unmasked WebSocket text frame (RFC 6455 section 5.2), header included. What a server sends
 * is not masked, so the bytes are the same for every client: made once, written to each.
 */
export function textFrame(...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = frameHeader(length);
  return Buffer.concat([header, ...parts], header.length + length);
}

/** Bytes before the payload of a frame that `textFrame` made. */
export function headerBytes(frame: Uint8Array): number {
  const code = frame[1] ?? 0;
  return code <= longest7Bits ? 2 : code === 126 ? 4 : 10;
}

function frameHeader(length: number): Buffer {
  if (length <= longest7Bits) return Buffer.of(wholeText, length);
  if (length <= longest16Bits) return Buffer.of(wholeText, 126, length >>> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header.writeUInt16BE((wholeText << 8) | 127);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
