import { defaultRules } from "../alerts/default-rules.ts";
import { parseClear, parseRule } from "../alerts/parse-rule.ts";
import { type Comparison, comparisonOf, quantityOf } from "../alerts/rule.ts";
import { keyOf, listOf, valueAt } from "./config-tree.ts";

/** A problem and where it is: a JSON pointer and, within a text, a 0-based index. */
export interface AlertProblem {
  readonly pointer: string;
  readonly offset?: number;
  readonly text: string;
}

/**
 * What the schema cannot see in `alerts`: rules that do not parse, clear values on the wrong side, names and addresses
 * that are there twice. `broken`: pointers whose type is wrong, which are left alone. Selectors of boards that are not
 * there are fine: a board may come later.
 */
export function alertProblems(config: object, broken: ReadonlySet<string>): readonly AlertProblem[] {
  if (broken.has("/alerts")) return [];
  const alerts = valueAt(config, "/alerts");
  const rules = listOf(alerts, "rules").flatMap((rule, index) =>
    ruleProblems(rule, `/alerts/rules/${index}`, broken),
  );
  return [
    ...rules,
    ...listOf(alerts, "webhooks").flatMap((webhook, index) =>
      urlProblems(valueAt(webhook, "/url"), `/alerts/webhooks/${index}/url`, broken),
    ),
    ...doubles(alerts, "rules", "name", (name) => `the name ${JSON.stringify(name)}`),
    ...doubles(alerts, "webhooks", "url", () => "this address"),
  ];
}

function ruleProblems(rule: unknown, pointer: string, broken: ReadonlySet<string>): AlertProblem[] {
  if (typeof rule !== "object" || rule === null) return [];
  const when = whenOf(rule);
  if (when === undefined && !broken.has(`${pointer}/when`)) {
    const names = defaultRules.map(({ name }) => name).join(", ");
    const text = `the key "when" is missing in ${keyOf(pointer)}. Only a rule named like a default one may leave it out: ${names}.`;
    return [{ pointer, text }];
  }
  if (typeof when !== "string" || broken.has(`${pointer}/when`)) return [];
  const parsed = parseRule(when);
  if (!parsed.ok) {
    const { offset, message } = parsed;
    return [{ pointer: `${pointer}/when`, offset, text: `${keyOf(`${pointer}/when`)}: ${message}` }];
  }
  const clear = valueAt(rule, "/clear");
  if (clear === undefined || broken.has(`${pointer}/clear`)) return [];
  return clearProblems(clear, comparisonOf(parsed.condition), `${pointer}/clear`);
}

/** The rule's own condition, else that of the default rule of its name. */
function whenOf(rule: object): unknown {
  return valueAt(rule, "/when") ?? defaultRules.find(({ name }) => name === valueAt(rule, "/name"))?.when;
}

function clearProblems(clear: unknown, comparison: Comparison | null, pointer: string): AlertProblem[] {
  const key = keyOf(pointer);
  if (comparison === null) {
    return [{ pointer, text: `${key} is for rules that compare a figure. Leave it out here.` }];
  }
  const { metric, operator, threshold } = comparison;
  const parsed = parseClear(String(clear), metric);
  if (!parsed.ok) return [{ pointer, offset: parsed.offset, text: `${key}: ${parsed.message}` }];
  const isRising = operator === ">" || operator === ">=";
  if (isRising ? parsed.value <= threshold : parsed.value >= threshold) return [];
  const side = isRising ? "above" : "below";
  const unit = { bytes: " bytes", "bytes-per-hour": " bytes per hour", share: "", seconds: " s" }[
    quantityOf(metric)
  ];
  const text = `${key} must not be ${side} the threshold, ${threshold}${unit}: the alert would end while its condition is met.`;
  return [{ pointer, text }];
}

function urlProblems(url: unknown, pointer: string, broken: ReadonlySet<string>): AlertProblem[] {
  if (typeof url !== "string" || broken.has(pointer)) return [];
  const isHttp = /^https?:\/\//i.test(url) && URL.canParse(url);
  // The address itself may hold a password, and problems go to logs.
  return isHttp ? [] : [{ pointer, text: `${keyOf(pointer)} must be an http:// or https:// address.` }];
}

/** Entries of a list whose `key` an earlier one has, too. */
function doubles(
  alerts: unknown,
  list: "rules" | "webhooks",
  key: string,
  named: (value: string) => string,
): AlertProblem[] {
  const first = new Map<string, number>();
  return listOf(alerts, list).flatMap((entry, index) => {
    const value = valueAt(entry, `/${key}`);
    if (typeof value !== "string") return [];
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, index);
      return [];
    }
    const owner = keyOf(`/alerts/${list}/${earlier}`);
    return [
      { pointer: `/alerts/${list}/${index}/${key}`, text: `${named(value)} is already that of ${owner}.` },
    ];
  });
}
