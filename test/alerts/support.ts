import { AlertEngine } from "../../src/alerts/alert-engine.ts";
import type { AlertInput, BoardKind } from "../../src/alerts/observation.ts";
import { parseRule } from "../../src/alerts/parse-rule.ts";
import type { Rule } from "../../src/alerts/rule.ts";
import type { Alert, Reading } from "../../src/heap/reading.ts";
import { sampleMissed, sampleReading } from "../support/samples.ts";

export const boardId = "e6614103e7452d2f";

/** A rule for every board. */
export function rule(text: string, change: Partial<Rule> = {}): Rule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return {
    name: text.split(" ")[0]!,
    text,
    condition: parsed.condition,
    severity: "warning",
    clear: null,
    appliesTo: () => true,
    ...change,
  };
}

/** An engine on a clock that moves on by `stepMs` with each input. */
export class Bench {
  readonly engine: AlertEngine;
  wallMs = Date.UTC(2026, 10, 22, 17);
  monotonicMs = 5000;
  readonly names = new Map([[boardId, "greenhouse"]]);

  constructor(rules: readonly Rule[], firing: readonly Alert[] = []) {
    this.engine = new AlertEngine({ rules, firing, nameOf: (id) => this.names.get(id) ?? id });
  }

  get now() {
    return { wallMs: this.wallMs, monotonicMs: this.monotonicMs };
  }

  feed(input: AlertInput, stepMs = 10_000): readonly Alert[] {
    this.wallMs += stepMs;
    this.monotonicMs += stepMs;
    return this.engine.evaluate(input, this.now);
  }

  reading(change: Omit<Partial<Reading>, "boardId" | "at">, id = boardId): readonly Alert[] {
    return this.feed({ type: "reading", boardId: id, reading: sampleReading({ ...change, boardId: id }) });
  }

  /** `+name` for each that began to fire, `-name` for each that ended, as the figures come in. */
  utilization(...values: readonly (number | null)[]): string[] {
    return values.map((utilization) => signs(this.reading({ utilization })));
  }

  missed(cause = "answer-silent", stepMs?: number): readonly Alert[] {
    return this.feed({ type: "missed", missed: sampleMissed({ cause }) }, stepMs);
  }

  state(kind: BoardKind, stepMs?: number): readonly Alert[] {
    return this.feed({ type: "board-state", boardId, kind, message: `It is ${kind}.` }, stepMs);
  }

  trend(leakBytesPerHour: number | null, timeToExhaustionSeconds: number | null): readonly Alert[] {
    return this.feed({ type: "trend", boardId, leakBytesPerHour, timeToExhaustionSeconds });
  }

  tick(stepMs: number): readonly Alert[] {
    return this.feed({ type: "tick" }, stepMs);
  }
}

export function signs(alerts: readonly Alert[]): string {
  return alerts.map(({ state, rule: name }) => `${state === "firing" ? "+" : "-"}${name}`).join(" ");
}
