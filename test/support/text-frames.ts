/** The payloads of unmasked WebSocket text frames (RFC 6455 section 5.2) that follow each other in `bytes`, as text. */
export function textsOfFrames(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0x81) throw new Error(`byte ${at} is no beginning of a text frame`);
    const code = bytes[at + 1]!;
    if (code > 127) throw new Error("a server must not mask");
    const length =
      code < 126 ? code : code === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const start = at + (code < 126 ? 2 : code === 126 ? 4 : 10);
    if (start + length > bytes.length) throw new Error("a frame is cut short");
    texts.push(bytes.toString("utf8", start, start + length));
    at = start + length;
  }
  return texts;
}
