import type { BoardFacts, BoardSnapshot } from "../board/board-status.ts";
import type { BoardRecord, HistoryReader } from "../store/store-types.ts";

type Known = Pick<HistoryReader, "board" | "boards" | "readings">;

/** The board that history knows by this id, else by this name, the one seen last. Throws `store-failed`. */
export function knownBoard(
  store: Pick<Known, "board" | "boards">,
  idOrName: string,
): BoardRecord | undefined {
  return (
    store.board(idOrName) ??
    store
      .boards()
      .filter(({ name }) => name === idOrName)
      .reduce<BoardRecord | undefined>(
        (last, board) => (last === undefined || board.lastSeenAt > last.lastSeenAt ? board : last),
        undefined,
      )
  );
}

/** A board that heapscope does not watch, as history knows it. Throws `store-failed`. */
export function snapshotFromHistory(store: Pick<Known, "readings">, board: BoardRecord): BoardSnapshot {
  const { id, name, port, emulated, facts, lastSeenAt } = board;
  return {
    id,
    name,
    port: port ?? "",
    emulated,
    state: {
      kind: "disconnected",
      since: lastSeenAt,
      message:
        "Known from history only: it is neither attached nor configured, or its history was imported. What is stored can be read; attach the board to watch it.",
    },
    facts: facts !== null && isFacts(facts) ? facts : null,
    counts: { readings: 0, maps: 0, collections: 0, missed: 0, overlapped: 0, restarts: 0, discarded: 0 },
    probeGarbageBytes: null,
    readIntervalMs: null,
    lastReading: store.readings(id, { limit: 1 }).at(-1) ?? null,
  };
}

/** An import may have brought others. */
function isFacts(facts: object): facts is BoardFacts {
  const { platform, firmware, machine, uniqueId, hasMemInfo }: Partial<BoardFacts> = facts;
  return (
    typeof platform === "string" &&
    typeof firmware === "string" &&
    (machine === null || typeof machine === "string") &&
    (uniqueId === null || typeof uniqueId === "string") &&
    typeof hasMemInfo === "boolean"
  );
}
