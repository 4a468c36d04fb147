import { durationText, sizeText } from "../../shared/units-text.ts";
import type { FindingView } from "./advice-words.ts";

type Curve = FindingView["curve"];

/** Of the drawing, in its own units. */
export const curveWidth = 260;
export const curveHeight = 90;
const margin = 5;

export interface CurveDrawing {
  /** Garbage by the period, from 0 to the most. */
  readonly garbage: string;
  /** Pauses' share of the time by the period, from 0 to the most. */
  readonly pauses: string;
  readonly points: readonly {
    readonly x: number;
    readonly garbageY: number;
    readonly pausesY: number;
    readonly text: string;
  }[];
}

/** Both lines over the logarithm of the period, each to its own scale from 0; null where there are no two points. */
export function curveDrawing(curve: Curve): CurveDrawing | null {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || first.everySeconds === last.everySeconds) return null;
  const width = Math.log(last.everySeconds / first.everySeconds);
  const mostBytes = Math.max(...curve.map(({ reclaimedBytes }) => reclaimedBytes), 1);
  const mostShare = Math.max(...curve.map(({ pauseShare }) => pauseShare), Number.MIN_VALUE);
  const y = (share: number): number => rounded(curveHeight - margin - share * (curveHeight - 2 * margin));
  const points = curve.map((point) => ({
    x: rounded(
      margin + (Math.log(point.everySeconds / first.everySeconds) / width) * (curveWidth - 2 * margin),
    ),
    garbageY: y(point.reclaimedBytes / mostBytes),
    pausesY: y(point.pauseShare / mostShare),
    text: pointText(point),
  }));
  return {
    garbage: points.map(({ x, garbageY }) => `${x},${garbageY}`).join(" "),
    pauses: points.map(({ x, pausesY }) => `${x},${pausesY}`).join(" "),
    points,
  };
}

/** "every 3.8 s: 36.6 KiB, 0.21 % of the time". Shares are small here, and differ. */
export function pointText({ everySeconds, reclaimedBytes, pauseShare }: Curve[number]): string {
  const percent = Number((pauseShare * 100).toPrecision(2));
  return `every ${durationText(everySeconds)}: ${sizeText(reclaimedBytes)}, ${percent} % of the time`;
}

/** The drawing in words, for who cannot see it. */
export function curveText(curve: Curve): string {
  return `What a collection finds and what pauses take, by how often it runs: ${curve.map(pointText).join("; ")}.`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
