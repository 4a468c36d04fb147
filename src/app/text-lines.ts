import { createReadStream } from "node:fs";

/** A line of a text file; `text` is null where it is longer than allowed. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  readonly text: string | null;
}

const lineFeed = 0x0a;

/** The lines of a UTF-8 file, whose memory is bounded: what is longer than `mostBytes` is skipped, and told. */
export async function* textLines(file: string, mostBytes: number): AsyncGenerator<TextLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part);
    else parts = [];
  };
  const line = (): TextLine => {
    const text = bytes > mostBytes ? null : Buffer.concat(parts).toString("utf8");
    parts = [];
    bytes = 0;
    return { number: number++, text };
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      yield line();
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (bytes > 0) yield line();
}
