import type { Allocation, HeapSource, WhatIf, WhatIfSubject } from "../../app/what-if/subject.ts";
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

/** The state of the heap that was looked at. */
export function thenText({ kind }: HeapSource): string {
  switch (kind) {
    case "dump":
      return "as in the dump";
    case "stored":
      return "as it was";
    case "port":
    case "daemon":
      return "as it is";
  }
}

/** What a program would meet, and why. */
export function verdictLines(subject: WhatIfSubject, result: WhatIf, canvas: Canvas): string[] {
  const { title, color, sentence } = wordsOf(subject, result);
  const [first = "", ...rest] = wrapWords(`${title}: ${sentence}`, canvas.columns);
  // The title is short: it stands in the first line.
  return [bold(canvas, painted(canvas, title, { foreground: color })) + first.slice(title.length), ...rest];
}

function wordsOf(subject: WhatIfSubject, { now, collected, verdict }: WhatIf): Words {
  const size = subject.now.blockSizeBytes;
  const { allocations } = now;
  const isOne = allocations.length === 1;
  const which = (at: number): string => (isOne ? "it" : `allocation ${at + 1} of ${allocations.length}`);
  if (verdict.kind === "fits") {
    const sentence = `${isOne ? "it has" : "all have"} room in the heap ${thenText(subject.source)}.`;
    return { title: "FITS", color: goodColor, sentence };
  }
  const { at } = verdict;
  const noRoom = `${which(at)} has no room in the heap ${thenText(subject.source)} (${reasonOf(allocations[at], size)})`;
  switch (verdict.kind) {
    case "collects": {
      const then = `MicroPython collects by itself before it gives up, and then ${isOne ? "it has" : "this one and all after it have"} room.`;
      return { title: "FITS AFTER A COLLECTION", color: goodColor, sentence: `${noRoom}. ${then}` };
    }
    case "grows": {
      const grown = sizeText(subject.growableBytes ?? 0);
      const then = `The board says that its heap can grow by up to ${grown}, which should be enough; that is taken from the memory of the system beside Python.`;
      return { title: "FITS IF THE HEAP GROWS", color: warnColor, sentence: `${noRoom}. ${then}` };
    }
    case "fails": {
      const isBetterFirst = collected !== null && collected.firstRefused === null;
      const then = isBetterFirst
        ? " Call gc.collect() before the first one: then all have room, because none lies in the way of another."
        : growthText(subject.growableBytes);
      const sentence = `${which(at)} would be a MemoryError, also after the collection that MicroPython makes by itself (${lastReasonOf(subject, verdict.refused)}).${then}`;
      return { title: "DOES NOT FIT", color: badColor, sentence };
    }
    case "unknown": {
      const then =
        "MicroPython would collect first; where that frees too little in one place, it is a MemoryError.";
      return { title: "NO ROOM WITHOUT A COLLECTION", color: badColor, sentence: `${noRoom}. ${then}` };
    }
  }
}

function growthText(growableBytes: number | null): string {
  const isSome = growableBytes !== null && growableBytes > 0;
  return isSome
    ? ` The heap can grow by ${sizeText(growableBytes)}, the board says, which is not enough.`
    : "";
}

function lastReasonOf({ now, collected }: WhatIfSubject, refused: Allocation): string {
  const { areas } = collected.kind === "known" ? collected.free : now;
  const most = Math.max(...areas.map(({ blocks }) => blocks));
  const what = areas.length > 1 ? "any area of the heap" : "the whole heap";
  return refused.blocks > most
    ? `${refused.bytes} B is more than ${what}, ${sizeText(most * now.blockSizeBytes)}`
    : reasonOf(refused, now.blockSizeBytes);
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
