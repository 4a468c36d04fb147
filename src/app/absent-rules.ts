import type { AbsentRule } from "../advice/board/board-history.ts";
import { defaultRules } from "../alerts/default-rules.ts";
import { parseRule } from "../alerts/parse-rule.ts";
import type { Condition, Rule } from "../alerts/rule.ts";

/**
 * The default rules of which nothing of their kind is in force for the board: no rule looks at the same figure, or the same state.
 * Milder ones come first, as in the table of defaults.
 */
export function absentRules(
  rules: readonly Rule[],
  board: { readonly id: string; readonly name: string },
): readonly AbsentRule[] {
  const kinds = new Set(
    rules.filter((rule) => rule.appliesTo(board)).map(({ condition }) => kindOf(condition)),
  );
  return defaultRules.flatMap(({ name, when }) => {
    const parsed = parseRule(when);
    if (!parsed.ok || kinds.has(kindOf(parsed.condition))) return [];
    const watches = watchesOf(parsed.condition);
    return watches === null ? [] : [{ name, when, watches }];
  });
}

/** What a condition looks at. Used, free and utilization say the same of a heap; leak and time to exhaustion of a trend. */
function kindOf(condition: Condition): string {
  switch (condition.kind) {
    case "reading": {
      const { metric } = condition.comparison;
      return metric === "usedBytes" || metric === "freeBytes" ? "utilization" : metric;
    }
    case "state":
      return condition.state;
    case "trend":
    case "missed":
      return condition.kind;
  }
}

function watchesOf(condition: Condition): AbsentRule["watches"] | null {
  const seconds = condition.hold.kind === "time" ? condition.hold.ms / 1000 : 0;
  switch (condition.kind) {
    case "reading": {
      const { metric, operator, threshold } = condition.comparison;
      if (metric !== "utilization" && metric !== "largestFreeBytes" && metric !== "fragmentation")
        return null;
      const { guard } = condition;
      const whileUsedShare = guard?.metric === "utilization" ? guard.threshold : null;
      return { kind: "figure", metric, operator, threshold, whileUsedShare };
    }
    case "trend": {
      const { metric, threshold } = condition.comparison;
      return metric === "leakBytesPerHour"
        ? { kind: "leak", bytesPerHour: threshold }
        : { kind: "exhaustion", seconds: threshold };
    }
    case "missed":
      return { kind: "no-readings", seconds };
    case "state":
      return { kind: "state", state: condition.state, seconds };
  }
}
