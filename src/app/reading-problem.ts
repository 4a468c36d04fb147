import type { Reading } from "../heap/reading.ts";

/** Shares may have been rounded to three places by whoever wrote them. */
const shareSlack = 0.001;

type Figures = Pick<
  Reading,
  | "stack"
  | "heap"
  | "blocks"
  | "largestFreeBytes"
  | "utilization"
  | "fragmentation"
  | "durationMs"
  | "wireBytes"
  | "map"
>;

/**
 * Why the figures of a reading cannot be, as a clause for people; null where they can. What a map shows may differ from the
 * totals printed before it (threads and interrupts allocate meanwhile): then only what is said of one of them is compared.
 */
export function readingProblem(reading: Figures): string | null {
  return (
    negativeFigure(reading) ??
    heapProblem(reading) ??
    (reading.map?.verified === false ? null : freeProblem(reading))
  );
}

/** Of a collection: shares lie within 0 and 1, a pause is not negative. */
export function collectionProblem(collection: {
  readonly fragmentationBefore: number | null;
  readonly fragmentationAfter: number | null;
  readonly pauseMs: number | null;
}): string | null {
  return (
    shareProblem("data.fragmentationBefore", collection.fragmentationBefore) ??
    shareProblem("data.fragmentationAfter", collection.fragmentationAfter) ??
    negative("data.pauseMs", collection.pauseMs)
  );
}

function heapProblem({ heap, blocks, utilization, fragmentation }: Figures): string | null {
  const { totalBytes, usedBytes, freeBytes } = heap;
  if (usedBytes + freeBytes !== totalBytes)
    return `data.heap does not add up: ${usedBytes} used + ${freeBytes} free = ${usedBytes + freeBytes}, not the total of ${totalBytes} bytes`;
  if (blocks.total !== null && blocks.sizeBytes !== null && blocks.total * blocks.sizeBytes !== totalBytes)
    return `data.blocks does not add up: ${blocks.total} blocks of ${blocks.sizeBytes} bytes are not the total of ${totalBytes} bytes`;
  const share = totalBytes > 0 ? usedBytes / totalBytes : 0;
  if (utilization !== null && !isNear(utilization, share))
    return `data.utilization is ${utilization}, and ${usedBytes} of ${totalBytes} bytes are ${shown(share)}`;
  return shareProblem("data.fragmentation", fragmentation);
}

/** What is said of free runs, against the free heap. */
function freeProblem({ heap, blocks, largestFreeBytes, fragmentation }: Figures): string | null {
  const { freeBytes } = heap;
  if (largestFreeBytes === null) return null;
  if (largestFreeBytes > freeBytes)
    return `data.largestFreeBytes is ${largestFreeBytes}, more than all the ${freeBytes} free bytes`;
  const { largestFree, sizeBytes } = blocks;
  if (largestFree !== null && sizeBytes !== null && largestFree * sizeBytes !== largestFreeBytes)
    return `data.largestFreeBytes is ${largestFreeBytes}, and ${largestFree} blocks of ${sizeBytes} bytes are ${largestFree * sizeBytes}`;
  const share = freeBytes > 0 ? 1 - largestFreeBytes / freeBytes : 0;
  if (fragmentation !== null && !isNear(fragmentation, share))
    return `data.fragmentation is ${fragmentation}, and a largest run of ${largestFreeBytes} of ${freeBytes} free bytes makes it ${shown(share)}`;
  return null;
}

function negativeFigure({ stack, heap, blocks, durationMs, wireBytes, map }: Figures): string | null {
  const parts = { stack, heap, blocks, map };
  for (const [name, part] of Object.entries(parts)) {
    const problem = part === null ? null : negativeWithin(`data.${name}`, part);
    if (problem !== null) return problem;
  }
  return negative("data.durationMs", durationMs) ?? negative("data.wireBytes", wireBytes);
}

function negativeWithin(path: string, part: object): string | null {
  for (const [name, value] of Object.entries(part) as [string, unknown][]) {
    const place = `${path}.${name}`;
    const problem =
      typeof value === "number"
        ? negative(place, value)
        : typeof value === "object" && value !== null
          ? negativeWithin(place, value)
          : null;
    if (problem !== null) return problem;
  }
  return null;
}

function negative(path: string, value: number | null): string | null {
  return value !== null && value < 0 ? `${path} is ${value}, and cannot be negative` : null;
}

function shareProblem(path: string, value: number | null): string | null {
  return value === null || (value >= 0 && value <= 1)
    ? null
    : `${path} is ${value}, and must be within 0 and 1`;
}

function isNear(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= shareSlack;
}

function shown(share: number): string {
  return share.toFixed(4);
}
