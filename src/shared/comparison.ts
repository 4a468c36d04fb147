export const operators = ["<", "<=", ">", ">="] as const;
export type Operator = (typeof operators)[number];

/** Whether `value operator threshold` holds. */
export function holds(value: number, operator: Operator, threshold: number): boolean {
  switch (operator) {
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
  }
}
