import type { ReadingView } from "../../client/views.ts";

/** Which maps a film shows. */
export const periods = { "1h": 3_600_000, "24h": 86_400_000, all: Number.POSITIVE_INFINITY } as const;
export type PeriodName = keyof typeof periods;
export const periodWords: Readonly<Record<PeriodName, string>> = {
  "1h": "the last hour",
  "24h": "the last 24 hours",
  all: "all maps",
};

/** Maps a second. */
export const speeds = [0.5, 1, 2, 5, 10] as const;

/** The maps of a period that ends now, oldest first. */
export function framesOf(
  maps: readonly ReadingView[],
  period: PeriodName,
  hostNowMs: number,
): readonly ReadingView[] {
  const fromMs = hostNowMs - periods[period];
  return maps.filter(({ at, id }) => id !== null && at !== null && Date.parse(at) >= fromMs);
}

/** Where the film stands: at the frame of this id, or at the nearest earlier one that is left; without one at the end. */
export function frameIndex(frames: readonly ReadingView[], id: number | null): number {
  if (id === null) return frames.length - 1;
  const exact = frames.findIndex((frame) => frame.id === id);
  if (exact !== -1) return exact;
  return Math.max(
    0,
    frames.findLastIndex((frame) => (frame.id ?? 0) < id),
  );
}
