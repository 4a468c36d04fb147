/** Nothing here runs: it fails to compile when a schema and the contract type it describes grow apart. */
import type { Static } from "typebox";
import type { BoardAnalysis } from "../analysis/board-analysis.ts";
import type { BoardSnapshot } from "../board/board-status.ts";
import type { MapDiff } from "../heap/map-diff.ts";
import type { Alert, Collection, Missed, Reading } from "../heap/reading.ts";
import type { DecodedMap } from "./api-deps.ts";
import type { BoardAnalysisSchema, MapDiffSchema } from "./schemas-analysis.ts";
import type { BoardSnapshotSchema } from "./schemas-board.ts";
import type { BlockMapSchema } from "./schemas-http.ts";
import type { AlertSchema, CollectionSchema, MissedSchema, ReadingSchema } from "./schemas-reading.ts";

/** The same value, with every readonly taken off: JSON knows no readonly. */
type Plain<T> = T extends readonly unknown[] | object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

type Agree<One, Other> = [Plain<One>] extends [Plain<Other>]
  ? [Plain<Other>] extends [Plain<One>]
    ? true
    : false
  : false;

type Holds<Claim extends true> = Claim;

export type Contracts = [
  Holds<Agree<Static<typeof ReadingSchema>, Reading>>,
  Holds<Agree<Static<typeof CollectionSchema>, Collection>>,
  Holds<Agree<Static<typeof MissedSchema>, Missed>>,
  Holds<Agree<Static<typeof AlertSchema>, Alert>>,
  Holds<Agree<Static<typeof BoardSnapshotSchema>, BoardSnapshot>>,
  Holds<Agree<Static<typeof BlockMapSchema>, DecodedMap & { readonly reading: Reading }>>,
  Holds<Agree<Static<typeof BoardAnalysisSchema>, BoardAnalysis>>,
  Holds<Agree<Static<typeof MapDiffSchema>, MapDiff & { readonly older: Reading; readonly newer: Reading }>>,
];
