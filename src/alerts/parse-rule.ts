import { type Operator, operators } from "../shared/comparison.ts";
import { isNear } from "../shared/is-near.ts";
import { amountAt, durationMs } from "./amount.ts";
import {
  type Comparison,
  type Condition,
  type Hold,
  type Metric,
  type ReadingMetric,
  readingMetrics,
  type TrendMetric,
  trendMetrics,
} from "./rule.ts";
import { RuleProblem, type Token, TokenReader } from "./rule-tokens.ts";

/**
 * The language of rules (EBNF; blanks between words are optional where nothing runs together):
 *
 *     rule       = comparison , [ "after" , "collection" ] , [ "while" , comparison ] , [ for ]
 *                | ( "missed" | "rebooting" | "unreachable" ) , [ for ] ;
 *     comparison = metric , ( "<" | "<=" | ">" | ">=" ) , number , [ unit ] ;
 *     metric     = "usedBytes" | "freeBytes" | "largestFreeBytes" | "fragmentation" | "utilization"
 *                | "stackUsedBytes" | "leakBytesPerHour" | "timeToExhaustion" ;
 *     for        = "for" , ( count , ( "reading" | "readings" ) | number , ( "s" | "min" | "h" | "d" ) ) ;
 *     unit       = "B" | "KB" | "KiB" | "MiB" | "%" | "s" | "min" | "h" | "d" ;
 *
 * - Bytes may go without a unit; KB is 1000 bytes, KiB 1024. A share is 0 to 1, or 0 % to 100 %. A time has a unit.
 * - `after collection` looks only at readings right after gc.collect(). A MicroPython heap fills with garbage before it
 *   collects, so how full or broken it is before a collection says little.
 * - `while` is a second comparison of the same reading: `fragmentation > 80 % while utilization > 50 %`.
 * - `leakBytesPerHour` and `timeToExhaustion` are computed over many readings, so neither counts readings nor takes
 *   `after collection` (they look at nothing else).
 * - `for N readings`: N readings in a row; for `missed`, N missed ones. Without `for`: the first one.
 */
export type ParsedRule =
  | { readonly ok: true; readonly condition: Condition }
  | {
      readonly ok: false;
      /** 0-based index into the text of what is wrong; its length where something is missing at the end. */
      readonly offset: number;
      /** A sentence: what was expected, and what is there. */
      readonly message: string;
    };

/** The condition that `text` describes, or where and why it is none. */
export function parseRule(text: string): ParsedRule {
  return attempt(text, (tokens) => {
    const condition = conditionAt(tokens);
    const rest = tokens.peek();
    if (rest.kind !== "end") throw unexpected(rest, leftOver(condition));
    return condition;
  });
}

/** Reads a rule's `clear` value, such as `8 KiB`, in the quantity of `metric`. */
export function parseClear(
  text: string,
  metric: Metric,
):
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly offset: number; readonly message: string } {
  const parsed = attempt(text, (tokens) => {
    const value = amountAt(tokens, metric);
    const rest = tokens.peek();
    if (rest.kind !== "end") throw unexpected(rest, "nothing more");
    return value;
  });
  return parsed.ok ? { ok: true, value: parsed.condition } : parsed;
}

function attempt<Value>(text: string, read: (tokens: TokenReader) => Value) {
  try {
    return { ok: true, condition: read(new TokenReader(text)) } as const;
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error;
    return { ok: false, offset: error.offset, message: error.message } as const;
  }
}

function conditionAt(tokens: TokenReader): Condition {
  const first = tokens.next();
  switch (first.text) {
    case "missed":
      return { kind: "missed", hold: holdAt(tokens, "either") ?? oneReading };
    case "rebooting":
    case "unreachable":
      return { kind: "state", state: first.text, hold: holdAt(tokens, "time", first.text) ?? atOnce };
  }
  const { metric, ...rest } = comparisonAfter(first, tokens, conditionWords);
  if (isTrendMetric(metric)) {
    const after = tokens.peek();
    if (after.text === "after" || after.text === "while") {
      const why =
        after.text === "after" ? "it is always computed from readings after collections" : "it stands alone";
      throw new RuleProblem(
        after.offset,
        `"${after.text}" does not go with ${metric}: ${why}. Leave it out.`,
      );
    }
    return {
      kind: "trend",
      comparison: { metric, ...rest },
      hold: holdAt(tokens, "time", metric) ?? atOnce,
    };
  }
  return {
    kind: "reading",
    comparison: { metric, ...rest },
    afterCollection: afterCollectionAt(tokens, metric),
    guard: guardAt(tokens),
    hold: holdAt(tokens, "either") ?? oneReading,
  };
}

const oneReading: Hold = { kind: "readings", count: 1 };
const atOnce: Hold = { kind: "time", ms: 0 };

/** Every metric that a rule can compare. */
export const metricNames: readonly string[] = [...Object.keys(readingMetrics), ...Object.keys(trendMetrics)];
const conditionWords: readonly string[] = [...metricNames, "missed", "rebooting", "unreachable"];

function comparisonAfter(first: Token, tokens: TokenReader, known: readonly string[]): Comparison {
  const metric = first.text;
  if (!isMetric(metric)) throw unknownWord(first, known);
  const sign = tokens.next();
  if (!isOperator(sign.text)) throw unexpected(sign, `a comparison after ${metric}: ${operators.join(" ")}`);
  return { metric, operator: sign.text, threshold: amountAt(tokens, metric) };
}

function afterCollectionAt(tokens: TokenReader, metric: ReadingMetric): boolean {
  const after = tokens.takeWord("after");
  if (!after) return false;
  const collection = tokens.next();
  if (collection.text !== "collection") throw unexpected(collection, '"collection" after "after"');
  if (metric === "stackUsedBytes") {
    throw new RuleProblem(
      after.offset,
      '"after collection" does not go with stackUsedBytes: a collection frees heap, not stack. Leave it out.',
    );
  }
  return true;
}

function guardAt(tokens: TokenReader): Comparison<ReadingMetric> | null {
  if (!tokens.takeWord("while")) return null;
  const first = tokens.next();
  const known = Object.keys(readingMetrics);
  if (!known.includes(first.text)) throw unknownWord(first, known);
  const { metric, ...rest } = comparisonAfter(first, tokens, known);
  if (isTrendMetric(metric)) throw unknownWord(first, known);
  return { metric, ...rest };
}

/** `what`: whether a number of readings makes sense here; `subject`: for the sentence where it does not. */
function holdAt(tokens: TokenReader, what: "either" | "time", subject = ""): Hold | null {
  if (!tokens.takeWord("for")) return null;
  const number = tokens.next();
  const example = what === "time" ? "such as 10 min" : "such as 3 readings or 10 min";
  if (number.kind !== "number") throw unexpected(number, `a number after "for", ${example}`);
  const unit = tokens.next();
  const amount = Number(number.text);
  if (unit.text === "reading" || unit.text === "readings") {
    if (what === "time") {
      throw new RuleProblem(
        unit.offset,
        `expected a time (s, min, h or d), not "${unit.text}": ${subject} is not counted in readings.`,
      );
    }
    if (!Number.isInteger(amount) || amount < 1 || amount > 100_000) {
      throw new RuleProblem(
        number.offset,
        `expected a whole number of readings from 1 to 100000, not "${number.text}".`,
      );
    }
    return { kind: "readings", count: amount };
  }
  const unitMs = durationMs(unit.text);
  if (unitMs === undefined) {
    throw unexpected(unit, what === "time" ? "s, min, h or d" : "readings, s, min, h or d");
  }
  return { kind: "time", ms: amount * unitMs };
}

function isMetric(text: string): text is Metric {
  return metricNames.includes(text);
}

function isTrendMetric(metric: Metric): metric is TrendMetric {
  return Object.hasOwn(trendMetrics, metric);
}

function isOperator(text: string): text is Operator {
  return operators.some((operator) => operator === text);
}

function unknownWord(token: Token, known: readonly string[]): RuleProblem {
  const near = token.kind === "word" ? known.find((name) => isNear(name, token.text)) : undefined;
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  const problem = unexpected(token, `one of ${known.join(", ")}`);
  return new RuleProblem(token.offset, `${problem.message}${hint}`);
}

function leftOver(condition: Condition): string {
  const isReading = condition.kind === "reading";
  return isReading
    ? '"after collection", "while", "for" (in this order), or the end of the rule'
    : '"for", or the end of the rule';
}

function unexpected(token: Token, expected: string): RuleProblem {
  const there = token.kind === "end" ? "the rule ends here" : `not "${token.text}"`;
  return new RuleProblem(token.offset, `expected ${expected}${token.kind === "end" ? "; " : ", "}${there}.`);
}
