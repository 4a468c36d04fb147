import { heapscopeError } from "../shared/errors.ts";

/** `65536`, `64k` or `1M` in bytes. Throws `usage`. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d{1,9})([kKmM]?)$/.exec(text);
  if (!match)
    throw heapscopeError("usage", {
      detail: `${option} takes a size such as 65536, 64k or 1M, not "${text}".`,
    });
  const unit = (match[2] ?? "").toLowerCase();
  return Number(match[1]) * (unit === "m" ? 1024 ** 2 : unit === "k" ? 1024 : 1);
}

/** A whole number in a range. Throws `usage`. */
export function parseCount(text: string, option: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw heapscopeError("usage", {
    detail: `${option} takes a number from ${least} to ${most}, not "${text}".`,
  });
}

const heapRange = { least: 8_192, most: 8_388_608 } as const;

/** `--heap` of an emulated board, in bytes. Throws `usage`. */
export function parseHeap(text: string): number {
  const heapBytes = parseSize(text, "--heap");
  if (heapBytes >= heapRange.least && heapBytes <= heapRange.most) return heapBytes;
  throw heapscopeError("usage", { detail: `--heap takes 8k to 8M, not "${text}".` });
}
