import type { HelperItem } from "../../src/protocol/helper-frames.ts";
import { bytesOf, concatBytes, latin1Text } from "../../src/shared/bytes.ts";

/** A start line of a helper's frame; `keys` as they stand there. */
export function startLine(sequence: number, keys = "", run = "3f2a", version = 1): string {
  const more = keys === "" ? "" : ` ${keys}`;
  const phase = keys.includes("phase=") ? "" : " phase=periodic";
  return `<heapscope ${version} ${sequence} run=${run} ms=${1000 * sequence}${phase}${more}>`;
}

/** The end line that belongs to `start`. */
export function endLine(sequence: number, start: string): string {
  return `</heapscope ${sequence} sum=${bytesOf(start).reduce((sum, byte) => sum + byte, 0) % 65_536}>`;
}

/** A whole frame as a board prints it. */
export function printFrame(sequence: number, body: string, keys = "", run = "3f2a"): string {
  const start = startLine(sequence, keys, run);
  return `${start}\r\n${body}${endLine(sequence, start)}\r\n`;
}

/** Items in a form that can be compared: what is text is joined, bytes are strings. */
export function plainItems(items: readonly HelperItem[]): readonly unknown[] {
  const plain: unknown[] = [];
  let text: Uint8Array[] = [];
  const endText = (): void => {
    if (text.length > 0) plain.push(latin1Text(concatBytes(text)));
    text = [];
  };
  for (const item of items) {
    if (item.kind === "text") {
      text.push(item.bytes.slice());
      continue;
    }
    endText();
    if (item.kind === "frame") plain.push({ ...item, body: latin1Text(item.body) });
    else if (item.kind === "lost") plain.push({ ...item, bytes: latin1Text(item.bytes) });
    else plain.push(item);
  }
  endText();
  return plain;
}
