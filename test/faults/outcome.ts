import { expect } from "vitest";
import type { Struck } from "./strike.ts";

/** A cell of the matrix. */
export interface Outcome {
  /** Two or three words. */
  readonly text: string;
  readonly lost?: string;
  /** The daemon's ms. */
  readonly recoverMs?: number;
}

/** What no fault of a row may exceed. */
export interface Limits {
  readonly lost: number;
  readonly recoverMs: number;
}

/** What all of `struck` have in common; fails where one lost more or took longer than it may. */
export function readsOn(struck: readonly Struck[], limits: Limits, text = "reads on"): Outcome {
  const lost = struck.map((one) => one.lost);
  const recoverMs = Math.max(...struck.map((one) => one.recoverMs));
  const [least, most] = [Math.min(...lost), Math.max(...lost)];
  expect(struck.length).toBeGreaterThan(0);
  expect(most, "readings lost").toBeLessThanOrEqual(limits.lost);
  expect(recoverMs, "ms until readings come again").toBeLessThanOrEqual(limits.recoverMs);
  const attached = struck.filter((one) => one.attached).length;
  const how = attached === 0 ? text : `${text}, ${attached} of ${struck.length} after \`attach\``;
  return { text: how, lost: least === most ? `${most} lost` : `${least}–${most} lost`, recoverMs };
}

/** As it stands in the table. */
export function cellText({ text, lost, recoverMs }: Outcome): string {
  const time = recoverMs === undefined ? undefined : `${(Math.round(recoverMs / 100) / 10).toFixed(1)} s`;
  return [text, lost, time].filter((part) => part !== undefined).join(" · ");
}
