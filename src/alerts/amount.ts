import { type Metric, type Quantity, quantityOf } from "./rule.ts";
import { RuleProblem, type TokenReader } from "./rule-tokens.ts";

const second = 1000;
const durations: Readonly<Record<string, number>> = {
  s: second,
  min: 60 * second,
  h: 3600 * second,
  d: 86_400 * second,
};

/** Milliseconds of one `s`, `min`, `h` or `d`. */
export function durationMs(unit: string): number | undefined {
  return Object.hasOwn(durations, unit) ? durations[unit] : undefined;
}

const sizes: Readonly<Record<string, number>> = { B: 1, KB: 1000, KiB: 1024, MiB: 1024 * 1024 };
const seconds = Object.fromEntries(Object.entries(durations).map(([unit, ms]) => [unit, ms / second]));

/** Factors into a metric's own quantity. */
const unitsOf: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  bytes: sizes,
  "bytes-per-hour": sizes,
  share: { "%": 0.01 },
  seconds,
};

const expectations: Readonly<Record<Quantity, string>> = {
  bytes: "bytes (B, KB, KiB or MiB)",
  "bytes-per-hour": "bytes per hour (B, KB, KiB or MiB)",
  share: "a share: 0 to 1, or a percentage such as 80 %",
  seconds: "a time (s, min, h or d)",
};

/** Takes a number and its unit, in the quantity of `metric`: bytes, 0 to 1, bytes per hour, or seconds. */
export function amountAt(tokens: TokenReader, metric: Metric): number {
  const quantity = quantityOf(metric);
  const number = tokens.next();
  if (number.kind !== "number") {
    const there = number.kind === "end" ? "; the rule ends here" : `, not "${number.text}"`;
    throw new RuleProblem(
      number.offset,
      `expected a number for ${metric}: ${expectations[quantity]}${there}.`,
    );
  }
  const unit = tokens.peek();
  const factor = unitsOf[quantity][unit.text];
  if (factor !== undefined) tokens.next();
  else if (isUnit(unit.text)) {
    throw new RuleProblem(
      unit.offset,
      `"${unit.text}" is no unit of ${metric}, which is ${expectations[quantity]}.`,
    );
  } else if (unit.kind === "word" && !followers.has(unit.text)) {
    throw new RuleProblem(
      unit.offset,
      `there is no unit "${unit.text}"; ${metric} is ${expectations[quantity]}.`,
    );
  } else if (quantity === "seconds") {
    throw new RuleProblem(unit.offset, `expected a unit of time after ${number.text}: s, min, h or d.`);
  }
  // A hundredth is no binary fraction: 7 × 0.01 would not be 0.07.
  const value = factor === 0.01 ? Number(number.text) / 100 : Number(number.text) * (factor ?? 1);
  if (quantity === "share" && value > 1) {
    const meant = factor === undefined && value <= 100 ? ` Did you mean ${number.text} %?` : "";
    throw new RuleProblem(
      number.offset,
      `${number.text}${factor === undefined ? "" : " %"} is more than the whole: ${metric} is a share from 0 to 1, or 0 % to 100 %.${meant}`,
    );
  }
  return value;
}

/** Words that may come right after a number without a unit. */
const followers: ReadonlySet<string> = new Set(["after", "while", "for"]);

function isUnit(text: string): boolean {
  return Object.values(unitsOf).some((units) => Object.hasOwn(units, text));
}
