import { type DaemonRestOptions, isObject, restFetch } from "./rest-fetch.ts";
import type {
  AdviceView,
  AlertView,
  AnalysisView,
  BlockMapView,
  BoardView,
  CollectionView,
  ConsoleView,
  HealthView,
  MapDiffView,
  MarkView,
  MissedView,
  ModulesView,
  ReadingView,
  SeriesMetric,
  SeriesView,
  TrendView,
} from "./views.ts";

export type { DaemonRestOptions, RestFetch } from "./rest-fetch.ts";
export type * from "./views.ts";

/**
 * Which part of a history. Times are ISO 8601, `from` included, `to` not. Without `after` (an id) the newest `limit`, oldest first;
 * with it the first `limit` after that id. What is left out is as the daemon has it by default.
 */
export interface HistoryAsk {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface AlertsAsk extends HistoryAsk {
  readonly board?: string | undefined;
  /** Default `firing`: what fires now. */
  readonly state?: "firing" | "resolved" | "all" | undefined;
  readonly severity?: AlertView["severity"] | undefined;
}

export interface SeriesAsk {
  readonly metric: SeriesMetric;
  /** ISO 8601; default: 24 hours before `to`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly points?: number | undefined;
}

/** ISO 8601; default: the last 7 days. */
export type AnalysisAsk = Pick<HistoryAsk, "from" | "to">;
/** Ids of readings with a map; default: the newest and the one before it. */
export interface MapDiffAsk {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}
/** `after`: `next` of the answer before. */
export type ConsoleAsk = Pick<HistoryAsk, "after" | "limit">;

/**
 * The questions to a daemon that go with its feed. Each throws daemon-absent, or daemon-refused with the daemon's own words; its
 * `context` then holds the HTTP `status` and the code of the `problem`, "" where none came. With a `signal` that aborts, each
 * throws the signal's reason. `boardId`: an id or a name.
 */
export interface DaemonRest {
  /** Also where the daemon is not well, which it answers with status 503. */
  health(signal?: AbortSignal): Promise<HealthView>;
  boards(signal?: AbortSignal): Promise<readonly BoardView[]>;
  board(boardId: string, signal?: AbortSignal): Promise<BoardView>;
  /** One of each board that is watched. */
  trends(signal?: AbortSignal): Promise<readonly TrendView[]>;
  alerts(ask?: AlertsAsk, signal?: AbortSignal): Promise<readonly AlertView[]>;
  readings(boardId: string, ask?: HistoryAsk, signal?: AbortSignal): Promise<readonly ReadingView[]>;
  collections(boardId: string, ask?: HistoryAsk, signal?: AbortSignal): Promise<readonly CollectionView[]>;
  missed(boardId: string, ask?: HistoryAsk, signal?: AbortSignal): Promise<readonly MissedView[]>;
  series(boardId: string, ask: SeriesAsk, signal?: AbortSignal): Promise<SeriesView>;
  analysis(boardId: string, ask?: AnalysisAsk, signal?: AbortSignal): Promise<AnalysisView>;
  /** What of the five tips its history speaks for. */
  advice(boardId: string, ask?: AnalysisAsk, signal?: AbortSignal): Promise<AdviceView>;
  /** The readings whose map is stored. */
  maps(boardId: string, ask?: HistoryAsk, signal?: AbortSignal): Promise<readonly ReadingView[]>;
  map(boardId: string, readingId: number | "latest", signal?: AbortSignal): Promise<BlockMapView>;
  mapDiff(boardId: string, ask?: MapDiffAsk, signal?: AbortSignal): Promise<MapDiffView>;
  /** The places that the application marked; `after` is a readingId. */
  marks(boardId: string, ask?: HistoryAsk, signal?: AbortSignal): Promise<readonly MarkView[]>;
  /** What the board printed beside its answers. */
  console(boardId: string, ask?: ConsoleAsk, signal?: AbortSignal): Promise<ConsoleView>;
  read(boardId: string, ask: { readonly map: boolean }): Promise<ReadingView>;
  collect(boardId: string): Promise<CollectionView>;
  /** Asks the board which modules it has loaded; advice has them from then on. */
  listModules(boardId: string): Promise<ModulesView>;
  /** Without `seconds`: until it is attached again. */
  release(boardId: string, ask?: { readonly seconds?: number | undefined }): Promise<BoardView>;
  attach(boardId: string): Promise<BoardView>;
}

/** Throws `usage` where `url` is no address of a daemon. */
export function daemonRest(options: DaemonRestOptions): DaemonRest {
  const ask = restFetch(options);
  // Only the outer shape is checked: the rest is the daemon's own schema, see the routes in api.
  const one = async <View>(path: string, query: object | undefined, signal?: AbortSignal): Promise<View> =>
    (await ask({ path: `${root}/${path}`, query: { ...query }, signal, fits: isOkObject })) as View;
  const list = async <View>(
    path: string,
    query: object | undefined,
    signal?: AbortSignal,
  ): Promise<readonly View[]> =>
    (await ask({ path: `${root}/${path}`, query: { ...query }, signal, fits: isOkList })) as readonly View[];
  const act = async <View>(boardId: string, action: string, body: object): Promise<View> =>
    (await ask({ path: `${root}/${of(boardId)}/${action}`, body, fits: isOkObject })) as View;
  return {
    health: async (signal) => (await ask({ path: `${root}/health`, signal, fits: isHealth })) as HealthView,
    boards: (signal) => list("boards", undefined, signal),
    board: (id, signal) => one(of(id), undefined, signal),
    trends: (signal) => list("trends", undefined, signal),
    alerts: (query, signal) => list("alerts", query, signal),
    readings: (id, query, signal) => list(`${of(id)}/readings`, query, signal),
    collections: (id, query, signal) => list(`${of(id)}/collections`, query, signal),
    missed: (id, query, signal) => list(`${of(id)}/missed`, query, signal),
    series: (id, query, signal) => one(`${of(id)}/series`, query, signal),
    analysis: (id, query, signal) => one(`${of(id)}/analysis`, query, signal),
    advice: (id, query, signal) => one(`${of(id)}/advice`, query, signal),
    maps: (id, query, signal) => list(`${of(id)}/maps`, query, signal),
    map: (id, readingId, signal) => one(`${of(id)}/maps/${readingId}`, undefined, signal),
    mapDiff: (id, query, signal) => one(`${of(id)}/maps/diff`, query, signal),
    marks: (id, query, signal) => list(`${of(id)}/marks`, query, signal),
    console: (id, query, signal) => one(`${of(id)}/console`, query, signal),
    read: (id, body) => act(id, "read", body),
    collect: (id) => act(id, "collect", {}),
    listModules: (id) => act(id, "modules", {}),
    release: (id, { seconds } = {}) => act(id, "release", { ...(seconds !== undefined && { seconds }) }),
    attach: (id) => act(id, "attach", {}),
  };
}

const root = "/api/v1";

function of(boardId: string): string {
  return `boards/${encodeURIComponent(boardId)}`;
}

function isOkList(answer: unknown, isOk: boolean): boolean {
  return isOk && Array.isArray(answer);
}

function isOkObject(answer: unknown, isOk: boolean): boolean {
  return isOk && isObject(answer);
}

/** A problem document has a status, too: a number. */
function isHealth(answer: unknown): boolean {
  return isObject(answer) && (answer["status"] === "ok" || answer["status"] === "degraded");
}
