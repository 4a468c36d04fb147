/** At most two letters differ, upper and lower case apart: what somebody may have meant. */
export function isNear(one: string, other: string): boolean {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one.toLowerCase()].entries()) {
    const next = [i + 1];
    for (const [j, otherLetter] of [...other.toLowerCase()].entries()) {
      const change = (row[j] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) <= 2;
}
