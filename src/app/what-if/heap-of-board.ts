import { type DaemonRest, daemonRest } from "../../client/daemon-rest.ts";
import type { BlockMapView, BoardView } from "../../client/views.ts";
import { trustedGrowableBytes } from "../../heap/heap-growth.ts";
import type { Clock } from "../../shared/clock.ts";
import { HeapscopeError, heapscopeError } from "../../shared/errors.ts";
import type { DaemonAddress } from "../daemon-client.ts";
import { rangesOfView } from "./ranges-of-view.ts";
import type { CollectedHeap, WhatIfSubject } from "./subject.ts";

/** What the daemon refuses where the board cannot be read just now, though it may have a map of it. */
const unreadNow = new Set(["board-not-ready", "board-not-watched", "no-prompt", "port-vanished"]);

/**
 * The heap of a board, id or name, that `daemon` watches: read now and after a collection, which is run. Where nothing can be asked of the board now (its
 * application reports by itself, its program runs, it is away), the newest map of the history. Throws daemon-absent, daemon-refused with
 * the daemon's own words, and `map-missing`.
 */
export async function heapOfBoard(
  daemon: DaemonAddress,
  idOrName: string,
  clock: Clock,
): Promise<WhatIfSubject> {
  const rest = daemonRest(daemon);
  const board = await rest.board(idOrName);
  if (board.state.kind === "helper") return stored(rest, board, clock, board.state.message);
  let reading: Awaited<ReturnType<DaemonRest["read"]>>;
  try {
    reading = await rest.read(board.id, { map: true });
  } catch (error) {
    if (!isRefusal(error) || !unreadNow.has(String(error.context["problem"]))) throw error;
    return stored(rest, board, clock, detailOf(error));
  }
  const map = await mapOfReading(rest, board, reading.id);
  return {
    name: board.name,
    source: { kind: "daemon", boardId: board.id },
    now: rangesOfView(map),
    collected: await collected(rest, board),
    growableBytes: trustedGrowableBytes(reading.heap.growableBytes),
  };
}

/** A board may begin its program between the two readings: then the first one still says something. */
async function collected(rest: DaemonRest, board: BoardView): Promise<CollectedHeap> {
  try {
    await rest.collect(board.id);
    const { id } = await rest.read(board.id, { map: true });
    return { kind: "known", free: rangesOfView(await mapOfReading(rest, board, id)) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { kind: "unknown", reason: `The heap after a collection is not known: ${detailOf(error)}` };
  }
}

async function mapOfReading(rest: DaemonRest, board: BoardView, id: number | null): Promise<BlockMapView> {
  if (id === null) {
    const reason =
      'the daemon cannot store readings just now, and gives maps out of its history only. "heapscope watch" and its health say why';
    throw heapscopeError("map-missing", { source: board.name, reason });
  }
  try {
    return await rest.map(board.id, id);
  } catch (error) {
    if (!isRefusal(error) || error.context["problem"] !== "map-unknown") throw error;
    throw heapscopeError("map-missing", {
      source: board.name,
      reason: "the reading holds none: the board's firmware has no mem_info",
    });
  }
}

async function stored(
  rest: DaemonRest,
  board: BoardView,
  clock: Clock,
  reason: string,
): Promise<WhatIfSubject> {
  let map: BlockMapView;
  try {
    map = await rest.map(board.id, "latest");
  } catch (error) {
    if (!isRefusal(error) || error.context["problem"] !== "map-unknown") throw error;
    const why = `its history has none, and it cannot be read now. ${reason}`.replace(/\.$/, "");
    throw heapscopeError("map-missing", { source: board.name, reason: why });
  }
  const { at } = map.reading;
  const ageMs = at === null ? null : Math.max(0, clock.nowMs() - Date.parse(at));
  return {
    name: board.name,
    source: { kind: "stored", boardId: board.id, at, ageMs, reason },
    now: rangesOfView(map),
    collected: {
      kind: "unknown",
      reason:
        "A stored map does not say which objects are garbage, so what a collection would free is not known.",
    },
    growableBytes: trustedGrowableBytes(map.reading.heap.growableBytes),
  };
}

function isRefusal(error: unknown): error is HeapscopeError {
  return error instanceof HeapscopeError && error.code === "daemon-refused";
}

/** In the daemon's own words. */
function detailOf(error: HeapscopeError): string {
  return String(error.context["detail"]);
}
