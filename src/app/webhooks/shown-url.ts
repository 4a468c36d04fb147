/** A webhook's address for logs, health and people: without what may be a password, a token or a key. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
