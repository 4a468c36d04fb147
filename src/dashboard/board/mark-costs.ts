import type { MarkEvent } from "../marks/mark-events.ts";
import { median } from "./collections-list.ts";

/** What the measured blocks of one label cost; null: of none is it known. */
export interface LabelCost {
  readonly label: string;
  readonly count: number;
  /** Median, bytes. */
  readonly keptBytes: number | null;
  /** Median, bytes. */
  readonly garbageBytes: number | null;
}

/** Of each label that was measured more than once, the most frequent first. */
export function costsByLabel(events: readonly MarkEvent[]): readonly LabelCost[] {
  const byLabel = new Map<string, MarkEvent[]>();
  for (const event of events) {
    if (event.kind !== "block") continue;
    const same = byLabel.get(event.label) ?? [];
    same.push(event);
    byLabel.set(event.label, same);
  }
  return [...byLabel]
    .filter(([, { length }]) => length > 1)
    .map(([label, same]) => ({
      label,
      count: same.length,
      keptBytes: median(same.flatMap(({ cost }) => cost?.netBytes ?? [])),
      garbageBytes: median(same.flatMap(({ cost }) => cost?.garbageBytes ?? [])),
    }))
    .sort((one, other) => other.count - one.count || one.label.localeCompare(other.label));
}
