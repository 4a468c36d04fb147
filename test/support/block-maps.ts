import type { BlockMap } from "../../src/heap/block-map.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { type HeapArea, modernFormat, printDump, type Run } from "./dump-printer.ts";

/** A map of blocks as a dump shows them, area by area: `h=..` is an object of two blocks and two free ones. */
export function mapOf(...areas: readonly string[]): BlockMap {
  const map = mapIn(bytesOf(dumpText(areas)));
  if (map === null) throw new Error(`${areas.join(" | ")} is no map`);
  return map;
}

/** The dump of such a map; lengths are filled up with free blocks to a multiple of 64. Areas lie at 0x10000, 0x20000, … */
export function dumpText(areas: readonly string[]): string {
  return printDump(
    areas.map((blocks, index): HeapArea => ({ base: (index + 1) * 0x10000, runs: runsOf(blocks) })),
    modernFormat,
  );
}

function mapIn(dump: Uint8Array): BlockMap | null {
  const [finding] = parseMemInfo(dump);
  return finding?.kind === "record" ? finding.record.map : null;
}

function runsOf(blocks: string): Run[] {
  const whole = blocks.padEnd(Math.max(64, Math.ceil(blocks.length / 64) * 64), ".");
  return [...whole.matchAll(/\.+|[A-Za-z]=*/g)].map(([text]): Run => [text[0]!, text.length]);
}

/** Every block of the area as letters: heads in their letter, tails as `=`. */
export function textOf(map: BlockMap, base: string): string {
  const area = map.areas.find((candidate) => candidate.base === base);
  if (area === undefined) return "";
  let text = "";
  for (const { letter, start, length } of map.runs()) {
    if (start < area.firstBlock || start >= area.firstBlock + area.blocks) continue;
    text += letter === "." ? ".".repeat(length) : letter + "=".repeat(length - 1);
  }
  return text;
}
