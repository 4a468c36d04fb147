/** Nothing here runs: it fails to compile when a schema and the contract type it describes grow apart. */
import type { Static } from "typebox";
import type { AdviceReport } from "../advice/finding.ts";
import type { BoardAnalysis } from "../analysis/board-analysis.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { ConsolePage } from "../board/console-log.ts";
import type { MapDiff } from "../heap/map-diff.ts";
import type { Alert, Collection, Missed, Reading } from "../heap/reading.ts";
import type { MetricName } from "../store/metrics.ts";
import type { EventType, StoredEvent } from "../store/store-types.ts";
import type { BoardTrend, DecodedMap, WebhookHealth } from "./api-deps.ts";
import type { Mark } from "./marks-of.ts";
import type { AdviceReportSchema } from "./schemas-advice.ts";
import type { BoardAnalysisSchema, MapDiffSchema } from "./schemas-analysis.ts";
import type { BoardSnapshotSchema } from "./schemas-board.ts";
import type { ConsoleLogSchema } from "./schemas-console.ts";
import type { EventMessage, SubscribeMessage, UnstoredMessage } from "./schemas-feed.ts";
import type { BlockMapSchema, WebhookHealthSchema } from "./schemas-http.ts";
import type { MarkSchema } from "./schemas-marks.ts";
import type { AlertSchema, CollectionSchema, MissedSchema, ReadingSchema } from "./schemas-reading.ts";
import type { seriesMetrics } from "./schemas-series.ts";
import type { BoardTrendSchema } from "./schemas-trends.ts";

/** The same value, with every readonly taken off: JSON knows no readonly. */
type Plain<T> = T extends readonly unknown[] | object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

type Agree<One, Other> = [Plain<One>] extends [Plain<Other>]
  ? [Plain<Other>] extends [Plain<One>]
    ? true
    : false
  : false;

type Holds<Claim extends true> = Claim;

/** What the store gives back fits the feed's message of that type; a board event's data is a BoardSnapshot by app's word. */
type Carried<Type extends EventType> = Extract<
  StoredEvent,
  { readonly type: Type }
>["data"] extends infer Data
  ? Plain<Data> extends Plain<Extract<EventMessage, { readonly type: Type }>["data"]>
    ? true
    : false
  : never;

export type Contracts = [
  Holds<Agree<EventMessage["type"], EventType>>,
  Holds<Agree<UnstoredMessage["event"], EventType>>,
  Holds<Agree<NonNullable<SubscribeMessage["types"]>[number], EventType>>,
  Holds<Carried<"reading"> & Carried<"collection"> & Carried<"missed"> & Carried<"alert">>,
  Holds<Agree<Static<typeof ReadingSchema>, Reading>>,
  Holds<Agree<Static<typeof CollectionSchema>, Collection>>,
  Holds<Agree<Static<typeof MarkSchema>, Mark>>,
  Holds<Agree<Static<typeof MissedSchema>, Missed>>,
  Holds<Agree<Static<typeof AlertSchema>, Alert>>,
  Holds<Agree<(typeof seriesMetrics)[number], MetricName>>,
  Holds<Agree<Static<typeof WebhookHealthSchema>, WebhookHealth>>,
  Holds<Agree<Static<typeof BoardSnapshotSchema>, BoardSnapshot>>,
  Holds<Agree<Static<typeof BlockMapSchema>, DecodedMap & { readonly reading: Reading }>>,
  Holds<Agree<Static<typeof ConsoleLogSchema>, ConsolePage & { readonly boardId: string }>>,
  Holds<Agree<Static<typeof BoardTrendSchema>, BoardTrend>>,
  Holds<Agree<Static<typeof BoardAnalysisSchema>, BoardAnalysis>>,
  Holds<Agree<Static<typeof AdviceReportSchema>, AdviceReport>>,
  Holds<Agree<Static<typeof MapDiffSchema>, MapDiff & { readonly older: Reading; readonly newer: Reading }>>,
];
