import type { FeedState } from "../../client/feed-state.ts";
import type { BoardView, CollectionView, ReadingView } from "../../client/views.ts";
import type { HeapscopeError } from "../../shared/errors.ts";
import { millisecondsText, sizeText } from "../../shared/units-text.ts";

export type ActionName = "read" | "collect" | "modules" | "release" | "attach";

/** Why a button would do nothing in these states, where that is certain. In all others the board is asked. */
const reasons: Partial<
  Readonly<Record<BoardView["state"]["kind"], Partial<Readonly<Record<ActionName, string>>>>>
> = {
  ready: { attach: "It is attached." },
  aiorepl: { attach: "It is attached." },
  helper: {
    collect: "Its application reports and collects by itself; heapscope writes nothing to it.",
    modules: "Its application reports by itself; heapscope writes nothing to it.",
    attach: "It is attached.",
  },
  connecting: {
    read: "It is just being connected.",
    collect: "It is just being connected.",
    modules: "It is just being connected.",
  },
  released: {
    read: "Its port is lent to another program: attach it first.",
    collect: "Its port is lent to another program: attach it first.",
    modules: "Its port is lent to another program: attach it first.",
  },
  console: {
    read: "Its console is open through heapscope, so readings pause.",
    collect: "Its console is open through heapscope, so readings pause.",
    modules: "Its console is open through heapscope, so readings pause.",
    attach: "It is attached.",
  },
  disconnected: { read: "Its port is gone.", collect: "Its port is gone.", modules: "Its port is gone." },
  foreign: {
    read: "What answers is not MicroPython.",
    collect: "What answers is not MicroPython.",
    modules: "What answers is not MicroPython.",
  },
};

/** Why `action` makes no sense now; null: it does. */
export function whyNot(action: ActionName, board: BoardView, connection: FeedState): string | null {
  if (connection.kind !== "live" && connection.kind !== "replaying")
    return "There is no connection to the daemon.";
  if (action === "release" && board.state.kind === "released") return "It is released.";
  return reasons[board.state.kind]?.[action] ?? null;
}

/** "Reclaimed 3.2 KiB in 1.9 ms; the largest free block grew by 1.1 KiB." */
export function collectedText({ reclaimedBytes, pauseMs, largestFreeGainBytes }: CollectionView): string {
  const pause = pauseMs === null ? "" : ` in ${millisecondsText(pauseMs)}`;
  const what =
    reclaimedBytes > 0
      ? `Reclaimed ${sizeText(reclaimedBytes)}${pause}`
      : `Collected${pause}, and reclaimed nothing${reclaimedBytes < 0 ? ` (the board took ${sizeText(-reclaimedBytes)} meanwhile)` : ""}`;
  return `${what}${gainText(largestFreeGainBytes)}.`;
}

function gainText(bytes: number | null): string {
  if (bytes === null) return "";
  if (bytes === 0) return "; the largest free block is as large as before";
  return `; the largest free block ${bytes > 0 ? "grew" : "shrank"} by ${sizeText(Math.abs(bytes))}`;
}

/** "Read the map in 143 ms: 12.3 KiB of 62.5 KiB used, the largest free block is 8.0 KiB." */
export function readText({ id, heap, durationMs, largestFreeBytes, map }: ReadingView): string {
  const took = durationMs === null ? "" : ` in ${millisecondsText(durationMs)}`;
  const largest =
    largestFreeBytes === null ? "" : `, the largest free block is ${sizeText(largestFreeBytes)}`;
  const what =
    map === null ? "Took a reading without a map, which this firmware does not give," : "Read the map";
  const isShown = map === null || (id !== null && id > 0);
  const then = isShown ? "" : " The daemon cannot store it just now, so the map on this page stays as it is.";
  return `${what}${took}: ${sizeText(heap.usedBytes)} of ${sizeText(heap.totalBytes)} used${largest}.${then}`;
}

/** `minutes`: null for until somebody attaches it. */
export function releasedText({ port }: BoardView, minutes: number | null): string {
  const until =
    minutes === null
      ? "Nothing is read until it is attached again."
      : `It is attached again by itself in ${minutes} min.`;
  return `Released: other programs may open ${port.replace(/^serial:/, "")} now. ${until}`;
}

export function attachedText({ state }: BoardView): string {
  return state.kind === "connecting"
    ? "Attached. It is read again as soon as it answers."
    : `Attached. ${state.message}`;
}

/** Whether a token with the scope control would help. */
export function wantsToken({ code, context }: HeapscopeError): boolean {
  if (code !== "daemon-refused") return false;
  const { status, problem } = context;
  return status === 401 || problem === "token-missing" || problem === "scope-missing";
}

/** Whole minutes of a day, 1 to 1440; null: no such number. */
export function minutesOf(text: string): number | null {
  const minutes = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return minutes >= 1 && minutes <= 1440 ? minutes : null;
}
