import { heapscopeError } from "../shared/errors.ts";
import { parseSize } from "./parse-size.ts";

/** Larger than any heap of MicroPython. */
const mostBytes = 1024 ** 3;
const mostAllocations = 10_000;

/** `4096,1k,512x10` as bytes, one number per allocation: SIZE or SIZExCOUNT, with commas between. Throws `usage`. */
export function parseAllocations(text: string): readonly number[] {
  const sizes: number[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    const [, sizeText = "", countText = "1"] = /^(.*?)(?:[xX](\d+))?$/s.exec(part) ?? [];
    if (!/^\d{1,9}[kKmM]?$/.test(sizeText) || !/^\d{1,9}$/.test(countText)) throw bad(text, part);
    const bytes = parseSize(sizeText, "--allocate");
    const count = Number(countText);
    if (bytes === 0 || count === 0) {
      throw usage(`--allocate "${part}" allocates nothing: size and count must be 1 or more.`);
    }
    if (bytes > mostBytes) throw usage(`--allocate "${part}" is larger than 1024M, which no heap has.`);
    if (sizes.length + count > mostAllocations)
      throw usage(`--allocate takes up to ${mostAllocations} allocations, and "${text}" has more.`);
    for (let one = 0; one < count; one++) sizes.push(bytes);
  }
  return sizes;
}

function bad(text: string, part: string): Error {
  const found = part === "" ? (text.trim() === "" ? "nothing" : `an empty part in "${text}"`) : `"${part}"`;
  return usage(
    `--allocate takes sizes in bytes with commas between, such as 4096,1k,512x10 (512 bytes ten times), not ${found}.`,
  );
}

function usage(detail: string): Error {
  return heapscopeError("usage", { detail });
}
