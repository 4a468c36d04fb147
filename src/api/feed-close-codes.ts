/**
 * Why the feed closes a connection (RFC 6455 section 7.4): sent by the code, listed in the AsyncAPI document, read by
 * clients. `next` is what a client should do.
 */
export const feedCloseCodes = {
  stopping: { code: 1001, meaning: "heapscope is stopping.", next: "Connect again and resume by cursor." },
  binary: {
    code: 1003,
    meaning: "A binary frame came; the feed speaks JSON text.",
    next: "Mend the client.",
  },
  malformed: { code: 1007, meaning: "A message is not JSON.", next: "Mend the client." },
  refused: {
    code: 1008,
    meaning:
      "A message cannot be used, too many came, or no subscribe came in time: an error message says which. Or the token was revoked or has expired: the reason of the close says so.",
    next: "Mend the client; connect again later.",
  },
  tooLarge: { code: 1009, meaning: "A message is too large.", next: "Mend the client." },
  failed: {
    code: 1011,
    meaning: "heapscope cannot serve the client, usually because the history cannot be read.",
    next: "Connect again after a while and resume by cursor.",
  },
  slow: {
    code: 1013,
    meaning: "The client does not take its events: too many wait.",
    next: "Connect again after a while and resume by cursor: nothing that is stored is lost.",
  },
} as const satisfies Readonly<
  Record<string, { readonly code: number; readonly meaning: string; readonly next: string }>
>;
