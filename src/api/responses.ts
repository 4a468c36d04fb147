import { ProblemSchema } from "./schemas-http.ts";

const meanings = {
  400: "The request cannot be used; the detail names the parameter.",
  401: "A token is needed, or the one given is not valid.",
  403: "Host or Origin is foreign, or the token's scope does not suffice.",
  404: "There is no such board, map or route.",
  406: "Nothing here fits the Accept header.",
  409: "The board is in the middle of another reading.",
  415: "The body is not JSON.",
  426: "This is a WebSocket.",
  429: "Too many requests from this address; Retry-After says when to go on.",
  500: "heapscope or its history failed.",
  502: "The board's answer could not be used.",
  503: "The board cannot be asked now.",
  504: "The board did not finish its answer in time.",
} as const;

type ProblemStatus = keyof typeof meanings;

/** Any route may ask for a token and has a limit. */
const ofEveryRoute = [401, 429] as const;

/** Response entries for the problems a route can answer with, for its schema. */
export function problems<const Status extends ProblemStatus>(...statuses: readonly Status[]) {
  const entries = [...statuses, ...ofEveryRoute].map((status) => [
    status,
    {
      description: meanings[status],
      content: { "application/problem+json": { schema: ProblemSchema } },
    },
  ]);
  // Object.fromEntries forgets the keys; they are exactly these.
  return Object.fromEntries(entries) as Record<
    Status | (typeof ofEveryRoute)[number],
    { description: string; content: { "application/problem+json": { schema: typeof ProblemSchema } } }
  >;
}
