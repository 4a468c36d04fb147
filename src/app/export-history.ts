import { stringify } from "csv-stringify/sync";
import type { ExportRequest } from "../api/api-deps.ts";
import type { Alert, Collection, Missed, Reading } from "../heap/reading.ts";
import { heapscopeError } from "../shared/errors.ts";
import { idfTotals } from "../shared/idf-totals.ts";
import type { EventType, HistoryReader, StoredEvent } from "../store/store-types.ts";
import { version } from "./version.ts";

/** The form of an export, in its first line. Raised when an older import could not read it. */
export const exportVersion = 1;

type ExportStore = Pick<HistoryReader, "eventsAfter" | "latestCursor" | "mapOf" | "boards">;

/** Events read from the history at a time. */
const pageSize = 500;

/**
 * The history as lines of text, in order of id, read page by page as they are taken: what comes while it is read is not in
 * it. NDJSON begins with a line of type "export" and one of type "board-record" for each board; every other line is an
 * event. CSV begins with the names of its columns. Throws `request-invalid` for a CSV of board events, which have no columns.
 */
export function exportHistory(store: ExportStore, request: ExportRequest): AsyncIterable<string> {
  const { format, type } = request;
  if (format === "ndjson") return jsonLines(store, request);
  if (type === "board") {
    throw heapscopeError("request-invalid", {
      detail: "changes of boards have no columns, so there is no CSV of them; ask for ndjson",
    });
  }
  return csvLines(store, request, type ?? "reading");
}

async function* csvLines(
  store: ExportStore,
  request: ExportRequest,
  type: keyof typeof tables,
): AsyncGenerator<string> {
  const columns = tables[type];
  const names = new Map(store.boards().map(({ id, name }) => [id, name]));
  // New columns come last: programs may count them.
  yield csvLine([...Object.keys(columns), "boardName"]);
  for await (const event of eventsOf(store, request, [type]))
    yield csvLine([...rowOf(columns, event.data), names.get(event.boardId) ?? event.boardId]);
}

async function* jsonLines(store: ExportStore, request: ExportRequest): AsyncGenerator<string> {
  const { boardIds, type } = request;
  yield jsonLine({ type: "export", version: exportVersion, heapscope: version });
  for (const board of store.boards()) {
    if (boardIds === undefined || boardIds.includes(board.id)) {
      yield jsonLine({ type: "board-record", data: board });
    }
  }
  for await (const event of eventsOf(store, request, type && [type])) {
    const { type: kind, cursor, boardId, at, data } = event;
    const dump =
      request.maps && kind === "reading" && event.data.map !== null ? dumpOf(store, event) : undefined;
    const place = kind === "board" ? { boardId, at } : {};
    yield jsonLine({ type: kind, cursor, ...place, data, ...(dump !== undefined && { dump }) });
  }
}

async function* eventsOf(
  store: ExportStore,
  { boardIds, from, to }: ExportRequest,
  types: readonly EventType[] | undefined,
): AsyncGenerator<StoredEvent> {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  const through = store.latestCursor();
  for (let after = 0; ; ) {
    const page = store.eventsAfter(after, { boards: boardIds, types, through, limit: pageSize });
    for (const event of page) {
      const atMs = Date.parse(event.at);
      if (atMs >= fromMs && atMs < toMs) yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.cursor;
    // Readings go before: the daemon exports while it watches.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function dumpOf(store: ExportStore, { boardId, cursor }: StoredEvent): string | undefined {
  const map = store.mapOf(boardId, cursor);
  return map && Buffer.from(map.dump).toString("base64");
}

type Cell = string | number | boolean | null;
type Columns<Data> = Readonly<Record<string, (data: Data) => Cell>>;

const readingColumns: Columns<Reading> = {
  id: ({ id }) => id,
  boardId: ({ boardId }) => boardId,
  at: ({ at }) => at,
  source: ({ source }) => source,
  phase: ({ phase }) => phase,
  durationMs: ({ durationMs }) => durationMs,
  wireBytes: ({ wireBytes }) => wireBytes,
  stackUsedBytes: ({ stack }) => stack?.usedBytes ?? null,
  stackTotalBytes: ({ stack }) => stack?.totalBytes ?? null,
  totalBytes: ({ heap }) => heap.totalBytes,
  usedBytes: ({ heap }) => heap.usedBytes,
  freeBytes: ({ heap }) => heap.freeBytes,
  growableBytes: ({ heap }) => heap.growableBytes,
  blockSizeBytes: ({ blocks }) => blocks.sizeBytes,
  blocks: ({ blocks }) => blocks.total,
  oneBlock: ({ blocks }) => blocks.oneBlock,
  twoBlock: ({ blocks }) => blocks.twoBlock,
  largestUsedBlocks: ({ blocks }) => blocks.largestUsed,
  largestFreeBlocks: ({ blocks }) => blocks.largestFree,
  largestFreeBytes: ({ largestFreeBytes }) => largestFreeBytes,
  utilization: ({ utilization }) => utilization,
  fragmentation: ({ fragmentation }) => fragmentation,
  freeRuns: ({ map }) => map?.freeRuns ?? null,
  verified: ({ map }) => map?.verified ?? null,
  run: ({ helper }) => helper?.run ?? null,
  sequence: ({ helper }) => helper?.sequence ?? null,
  ticksMs: ({ helper }) => helper?.ticksMs ?? null,
  mark: ({ helper }) => helper?.mark?.kind ?? null,
  label: ({ helper }) => helper?.mark?.label ?? null,
  gcThreshold: ({ helper }) => helper?.gcThreshold ?? null,
  peakBytes: ({ helper }) => helper?.peakBytes ?? null,
  idfFreeBytes: ({ helper }) => idfTotals(helper?.idfHeap ?? null).freeBytes,
  idfLargestFreeBytes: ({ helper }) => idfTotals(helper?.idfHeap ?? null).largestFreeBytes,
};

const collectionColumns: Columns<Collection> = {
  id: ({ id }) => id,
  boardId: ({ boardId }) => boardId,
  at: ({ at }) => at,
  beforeId: ({ beforeId }) => beforeId,
  afterId: ({ afterId }) => afterId,
  reclaimedBytes: ({ reclaimedBytes }) => reclaimedBytes,
  largestFreeGainBytes: ({ largestFreeGainBytes }) => largestFreeGainBytes,
  fragmentationBefore: ({ fragmentationBefore }) => fragmentationBefore,
  fragmentationAfter: ({ fragmentationAfter }) => fragmentationAfter,
  pauseMs: ({ pauseMs }) => pauseMs,
};

const missedColumns: Columns<Missed> = {
  id: ({ id }) => id,
  boardId: ({ boardId }) => boardId,
  at: ({ at }) => at,
  phase: ({ phase }) => phase,
  cause: ({ cause }) => cause,
  detail: ({ detail }) => detail,
};

const alertColumns: Columns<Alert> = {
  id: ({ id }) => id,
  boardId: ({ boardId }) => boardId,
  at: ({ at }) => at,
  rule: ({ rule }) => rule,
  condition: ({ condition }) => condition,
  severity: ({ severity }) => severity,
  state: ({ state }) => state,
  since: ({ since }) => since,
  value: ({ value }) => value,
  message: ({ message }) => message,
};

const tables = {
  reading: readingColumns,
  collection: collectionColumns,
  missed: missedColumns,
  alert: alertColumns,
} as const;

/** `data` is of the kind that the columns are for: the store was asked for that kind only. */
function rowOf(columns: Readonly<Record<string, (data: never) => Cell>>, data: object): Cell[] {
  return Object.values(columns).map((cell) => cell(data as never));
}

function csvLine(cells: readonly Cell[]): string {
  return stringify([cells.map((cell) => (typeof cell === "boolean" ? String(cell) : cell))], {
    record_delimiter: "\r\n",
  });
}

function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
