import { ReadlineParser } from "@serialport/parser-readline";

/** ReadlineParser keeps a line until it ends, however long; a board that never ends one is cut here. */
const LONGEST_LINE = 512;
const NEWLINE = 0x0a;
const lineEnd = Buffer.of(NEWLINE);

/** Splits what a board prints beside its answers into lines for people, `onLine` each. */
export function consoleLines(onLine: (line: string) => void): (bytes: Uint8Array) => void {
  const parser = new ReadlineParser({ delimiter: "\n", encoding: "utf8" });
  parser.on("data", (line: string) => {
    const text = line.trimEnd();
    if (text !== "") onLine(text);
  });
  let openBytes = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += LONGEST_LINE) {
      const piece = bytes.subarray(at, at + LONGEST_LINE);
      const lastEnd = piece.lastIndexOf(NEWLINE);
      openBytes = lastEnd === -1 ? openBytes + piece.length : piece.length - 1 - lastEnd;
      parser.write(Buffer.from(piece));
      if (openBytes < LONGEST_LINE) continue;
      parser.write(lineEnd);
      openBytes = 0;
    }
  };
}
