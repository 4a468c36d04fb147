import type { TroubleLevel } from "../model/trouble.ts";

/** "2 of 5 boards need attention", from what is wrong with each. */
export function summaryText(levels: readonly TroubleLevel[]): string {
  const critical = levels.filter((level) => level === "critical").length;
  const warning = levels.filter((level) => level === "warning").length;
  const all = levels.length === 1 ? "1 board" : `${levels.length} boards`;
  if (critical + warning === 0) return levels.length === 1 ? "The board is fine" : `All ${all} are fine`;
  const how = [critical > 0 && `${critical} critical`, warning > 0 && `${warning} with a warning`];
  const verb = critical + warning === 1 ? "needs" : "need";
  return `${critical + warning} of ${all} ${verb} attention: ${how.filter(Boolean).join(", ")}`;
}
