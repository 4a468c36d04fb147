import { concatBytes } from "../shared/bytes.ts";
import { type DueLines, readLine } from "./line-grammar.ts";

const LF = 0x0a;
/** What looks like a line of a map is one. */
const anyMapLine: DueLines = { expects: () => true };

/**
 * What in `bytes` is no `mem_info` output: whole lines of other text, and what stands before a line's `mem_info` text. Blank
 * lines are left out, because nobody can tell whose they are.
 */
export function foreignText(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(LF, at);
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1;
    const line = readLine(bytes, at, lineEnd === -1 ? end : lineEnd, anyMapLine);
    const piece = bytes.subarray(at, "column" in line ? line.column : end);
    if (piece.some((byte) => byte > 0x20)) pieces.push(piece);
    at = end;
  }
  return concatBytes(pieces);
}
