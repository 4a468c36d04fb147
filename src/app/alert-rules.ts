import { defaultRules, type RuleText } from "../alerts/default-rules.ts";
import { parseClear, parseRule } from "../alerts/parse-rule.ts";
import { comparisonOf, type Rule } from "../alerts/rule.ts";
import { heapscopeError } from "../shared/errors.ts";
import { globToRegExp } from "../transport/glob.ts";
import type { AlertsConfig } from "./config-schema.ts";

type RuleConfig = AlertsConfig["rules"][number];

/**
 * The rules in force: the default ones, each replaced by the configured rule of its name, then the others. The
 * configuration was checked before, so every rule parses; one that does not is an `internal` error.
 */
export function alertRules({ defaults, rules }: AlertsConfig): readonly Rule[] {
  const configured = new Map(rules.map((rule) => [rule.name, rule]));
  const kept = defaults ? defaultRules.filter(({ name }) => !configured.has(name)) : [];
  const own = rules
    .filter(({ enabled = true }) => enabled)
    .map((rule) =>
      ruleOf(
        rule,
        defaultRules.find(({ name }) => name === rule.name),
      ),
    );
  return [...kept.map((rule) => ruleOf(rule, undefined)), ...own];
}

function ruleOf(rule: RuleConfig, base: RuleText | undefined): Rule {
  const { name, boards } = rule;
  const text = rule.when ?? base?.when ?? "";
  const parsed = parseRule(text);
  if (!parsed.ok) throw unchecked(name, parsed.message);
  return {
    name,
    text,
    condition: parsed.condition,
    severity: rule.severity ?? base?.severity ?? "warning",
    clear: clearOf(rule, comparisonOf(parsed.condition)),
    appliesTo: boards === undefined ? () => true : selection(boards),
  };
}

function clearOf({ name, clear }: RuleConfig, comparison: ReturnType<typeof comparisonOf>): number | null {
  if (clear === undefined || comparison === null) return null;
  const parsed = parseClear(String(clear), comparison.metric);
  if (!parsed.ok) throw unchecked(name, parsed.message);
  return parsed.value;
}

/** Whether a board's id or name is selected. A lone `*` is every board, also one whose id is a path. */
function selection(patterns: readonly string[]): Rule["appliesTo"] {
  if (patterns.includes("*")) return () => true;
  const wanted = patterns.map((pattern) => globToRegExp(pattern, { ignoreCase: true }));
  return ({ id, name }) => wanted.some((pattern) => pattern.test(id) || pattern.test(name));
}

function unchecked(name: string, message: string): Error {
  return heapscopeError("internal", { detail: `the alert rule "${name}" was not checked: ${message}` });
}
