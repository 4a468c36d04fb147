import type { BoardEntry } from "../model/dashboard-model.ts";

/** Id of the newest stored reading with a map that the feed told of; 0: none. */
export function newestMapId({ readings }: Pick<BoardEntry, "readings">): number {
  return readings.findLast((reading) => reading.map !== null && (reading.id ?? 0) > 0)?.id ?? 0;
}
