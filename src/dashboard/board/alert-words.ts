import type { AlertView, ReadingView } from "../../client/views.ts";
import { percentText, sizeText } from "../../shared/units-text.ts";

const severityRank: Readonly<Record<AlertView["severity"], number>> = { critical: 0, warning: 1, info: 2 };

/** Critical ones first, of the same severity the oldest. */
export function worstFirst(alerts: readonly AlertView[]): readonly AlertView[] {
  return [...alerts].sort(
    (one, other) =>
      severityRank[one.severity] - severityRank[other.severity] ||
      Date.parse(one.since) - Date.parse(other.since),
  );
}

interface Figure {
  readonly text: (value: number) => string;
  readonly of: (reading: ReadingView) => number | null;
}

/** The metrics of rules that a reading has, too. */
const figures: Readonly<Record<string, Figure>> = {
  usedBytes: { text: sizeText, of: ({ heap }) => heap.usedBytes },
  freeBytes: { text: sizeText, of: ({ heap }) => heap.freeBytes },
  largestFreeBytes: { text: sizeText, of: ({ largestFreeBytes }) => largestFreeBytes },
  utilization: { text: percentText, of: ({ utilization }) => utilization },
  fragmentation: { text: percentText, of: ({ fragmentation }) => fragmentation },
};

/**
 * The figure in an alert's message is of when the alert changed: "It was 96.0 % then, and is 81.3 % in the newest reading.". "" where both
 * look the same, or the rule is of something that no reading tells.
 */
export function figuresText({ condition, value }: AlertView, reading: ReadingView | null): string {
  const figure = figures[condition.trim().split(/\s/)[0] ?? ""];
  if (figure === undefined || value === null || reading === null) return "";
  const now = figure.of(reading);
  if (now === null || figure.text(now) === figure.text(value)) return "";
  return `It was ${figure.text(value)} then, and is ${figure.text(now)} in the newest reading.`;
}
