/** What the daemon's answers hold: the types of its own schemas. */
import type { Static } from "typebox";
import type { AdviceReportSchema, ModulesSeenSchema } from "../api/schemas-advice.ts";
import type { BoardAnalysisSchema, MapDiffSchema } from "../api/schemas-analysis.ts";
import type { ConsoleLogSchema } from "../api/schemas-console.ts";
import type { BlockMapSchema, HealthAnswer } from "../api/schemas-http.ts";
import type { MarkSchema } from "../api/schemas-marks.ts";
import type { CollectionSchema, MissedSchema } from "../api/schemas-reading.ts";
import type { SeriesSchema, seriesMetrics } from "../api/schemas-series.ts";
import type { BoardTrendSchema } from "../api/schemas-trends.ts";

export type { AlertView, BoardView, ReadingView } from "./feed-state.ts";
/** `uptimeSeconds` and all else but the status is absent where a token is required and none was given. */
export type HealthView = Static<typeof HealthAnswer>;
export type MarkView = Static<typeof MarkSchema>;
export type TrendView = Static<typeof BoardTrendSchema>;
export type CollectionView = Static<typeof CollectionSchema>;
export type MissedView = Static<typeof MissedSchema>;
export type SeriesView = Static<typeof SeriesSchema>;
export type SeriesMetric = (typeof seriesMetrics)[number];
export type AnalysisView = Static<typeof BoardAnalysisSchema>;
export type AdviceView = Static<typeof AdviceReportSchema>;
export type ModulesView = Static<typeof ModulesSeenSchema>;
export type BlockMapView = Static<typeof BlockMapSchema>;
export type MapDiffView = Static<typeof MapDiffSchema>;
export type ConsoleView = Static<typeof ConsoleLogSchema>;
