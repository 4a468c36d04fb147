export { durationText, percentText } from "../shared/units-text.ts";

/** `6042` as "5.9 KiB": for people, one decimal. */
export function bytesText(bytes: number): string {
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "−" : "";
  if (size < 1024)
    return `${sign}${size < 10 && size > 0 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} bytes`;
  if (size < 1024 ** 2) return `${sign}${(size / 1024).toFixed(1)} KiB`;
  return `${sign}${(size / 1024 ** 2).toFixed(1)} MiB`;
}

/** 0.038 as "0.04 ms", 3.25 as "3.3 ms", 18.2 as "18 ms". */
export function pauseText(ms: number): string {
  return `${ms.toFixed(ms < 0.1 ? 2 : ms < 10 ? 1 : 0)} ms`;
}

/** " (95 %: 5.7 KiB to 6.1 KiB)", or nothing where both ends read the same. */
export function intervalText(low: string, high: string): string {
  return low === high ? "" : ` (95 %: ${low} to ${high})`;
}
