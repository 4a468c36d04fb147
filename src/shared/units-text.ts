/** `8848` as "8.6 KiB": for people, one decimal. Below zero with a minus, not a hyphen. */
export function sizeText(bytes: number): string {
  if (bytes < 0) return `−${sizeText(-bytes)}`;
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** The same with a sign. */
export function changeText(bytes: number): string {
  return bytes < 0 ? sizeText(bytes) : `+${sizeText(bytes)}`;
}

/** `0.0368` as "3.7 %"; a little is never shown as nothing. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.001) return "<0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}

/** `17.934` as "17.9 ms". */
export function millisecondsText(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}

/** "1 block", "2 blocks". */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How often: `300` as "0.3 s", `300_000` as "5 min". */
export function everyText(intervalMs: number): string {
  if (intervalMs >= 120_000 && intervalMs % 60_000 === 0) return `${intervalMs / 60_000} min`;
  return `${Math.round(intervalMs / 100) / 10} s`;
}

/** How long ago, in the largest unit that fits: `65_000` as "1 min". Clocks that disagree show as "0 s". */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 100 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Seconds as "45 s", "38 h", "12 days": two digits at least, one unit. */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 72 * 3600) return `${Math.round(seconds / 3600)} h`;
  if (seconds < 730 * 86_400) return `${Math.round(seconds / 86_400)} days`;
  return `${Math.round(seconds / 86_400 / 365.25)} years`;
}
