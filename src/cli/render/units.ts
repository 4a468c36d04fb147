/** `8848` as "8.6 KiB": for people, one decimal. */
export function sizeText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1024) return `${bytes} B`;
  if (size < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** The same with a sign. */
export function changeText(bytes: number): string {
  return bytes < 0 ? `−${sizeText(-bytes)}` : `+${sizeText(bytes)}`;
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
