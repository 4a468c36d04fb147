/** The sentence in pieces: times stand in it as UTC, and are to be shown in the viewer's zone. */
export function timesApart(sentence: string): readonly (string | { readonly at: string })[] {
  return sentence
    .split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/)
    .map((piece, at) => (at % 2 === 1 ? { at: piece } : piece))
    .filter((piece) => piece !== "");
}
