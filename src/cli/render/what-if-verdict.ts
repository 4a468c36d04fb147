import type { Allocation, WhatIf, WhatIfSubject } from "../../app/what-if/subject.ts";
import { sizeText } from "../../shared/units-text.ts";
import { bold, type Canvas, painted, wrapWords } from "./canvas.ts";

const goodColor = 36;
const badColor = 160;
const warnColor = 166;

interface Words {
  readonly title: string;
  readonly color: number;
  readonly sentence: string;
}

/** What a program would meet, and why. */
export function verdictLines(subject: WhatIfSubject, result: WhatIf, canvas: Canvas): string[] {
  const { title, color, sentence } = wordsOf(subject, result);
  const lines = wrapWords(`${title} ${sentence}`, canvas.columns);
  const [first = "", ...rest] = lines;
  // The title is short: it stands in the first line.
  return [bold(canvas, painted(canvas, title, { foreground: color })) + first.slice(title.length), ...rest];
}

function wordsOf(subject: WhatIfSubject, { now, collected, verdict }: WhatIf): Words {
  const size = subject.now.blockSizeBytes;
  const { allocations } = now;
  const many = allocations.length > 1;
  const which = (at: number): string => (many ? `Allocation ${at + 1} of ${allocations.length}` : "It");
  const why = (at: number): string => reasonOf(allocations[at], size);
  switch (verdict.kind) {
    case "fits":
      return {
        title: "FITS",
        color: goodColor,
        sentence: many ? "in the heap as it is, in this order." : "in the heap as it is.",
      };
    case "collects":
      return {
        title: "FITS AFTER A COLLECTION",
        color: goodColor,
        sentence: `${which(verdict.at)} (${why(verdict.at)}) has no room in the heap as it is. MicroPython collects by itself before it gives up, and then it fits${many ? ", as do all after it" : ""}.`,
      };
    case "grows":
      return {
        title: "FITS IF THE HEAP GROWS",
        color: warnColor,
        sentence: `${which(verdict.at)} (${why(verdict.at)}) has no room in the heap as it is. The board says that its heap can grow by up to ${sizeText(subject.growableBytes ?? 0)}, which should be enough; it takes that from the system's memory.`,
      };
    case "fails": {
      const isBetterFirst = collected !== null && collected.firstRefused === null;
      return {
        title: "DOES NOT FIT",
        color: badColor,
        sentence:
          `${which(verdict.at)} would be a MemoryError, also after the collection that MicroPython makes by itself before it.` +
          (isBetterFirst
            ? " With gc.collect() before the first one, all would fit: what is allocated first would not lie in the way."
            : ` ${failure(subject, verdict.refused)}`),
      };
    }
    case "unknown":
      return {
        title: "DOES NOT FIT AS IT IS",
        color: badColor,
        sentence: `${which(verdict.at)} (${why(verdict.at)}) has no room. MicroPython would collect first; where that frees nothing in the right place, it is a MemoryError.`,
      };
  }
}

function failure(subject: WhatIfSubject, one: Allocation): string {
  const growable = subject.growableBytes ?? 0;
  const grow = growable > 0 ? ` The heap can grow by ${sizeText(growable)}, which is not enough.` : "";
  return `What it finds: ${reasonOf(one, subject.now.blockSizeBytes)}.${grow}`;
}

/** `20000 B: 18.2 KiB are free, but the largest run is 9.1 KiB`. */
function reasonOf(one: Allocation | undefined, blockSizeBytes: number): string {
  if (one === undefined) return "";
  if (one.kind === "placed") return `${one.bytes} B`;
  const { bytes, blocks, freeBlocks, largestBlocks } = one;
  const free = sizeText(freeBlocks * blockSizeBytes);
  return freeBlocks >= blocks
    ? `${bytes} B: ${free} are free, but the largest run is ${sizeText(largestBlocks * blockSizeBytes)}`
    : `${bytes} B: only ${free} are free`;
}
