import { countText } from "../../shared/units-text.ts";
import type { Trouble } from "../model/trouble.ts";

interface Tense {
  readonly be: readonly [one: string, many: string];
  readonly have: readonly [one: string, many: string];
  readonly need: readonly [one: string, many: string];
  readonly seem: readonly [one: string, many: string];
}

const present: Tense = {
  be: ["is", "are"],
  have: ["has", "have"],
  need: ["needs", "need"],
  seem: ["seems", "seem"],
};
const past: Tense = {
  be: ["was", "were"],
  have: ["had", "had"],
  need: ["needed", "needed"],
  seem: ["seemed", "seemed"],
};

export interface SummaryOptions {
  /** False: "fine" is more than one can say. */
  readonly alertsKnown: boolean;
  /** It was so when one last heard of the boards. */
  readonly isPast: boolean;
}

/** "2 of 5 boards need attention", or "2 boards are fine, 1 is released", from what is wrong with each of at least one. */
export function summaryText(
  troubles: readonly Pick<Trouble, "level" | "about" | "what">[],
  { alertsKnown, isPast }: SummaryOptions,
): string {
  const tense = isPast ? past : present;
  const critical = troubles.filter(({ level }) => level === "critical").length;
  const warning = troubles.filter(({ level }) => level === "warning").length;
  const all = countText(troubles.length, "board");
  if (critical + warning > 0) {
    const how = [critical > 0 && `${critical} critical`, warning > 0 && `${warning} with a warning`];
    const need = tense.need[critical + warning === 1 ? 0 : 1];
    return `${critical + warning} of ${all} ${need} attention: ${how.filter(Boolean).join(", ")}`;
  }
  const groups = new Map<string, number>();
  // The fine ones first.
  if (alertsKnown && troubles.some(({ level }) => level === "none")) groups.set("fine", 0);
  for (const trouble of troubles) {
    const group = groupOf(trouble, alertsKnown);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const [first, ...others] = [...groups].map(([group, count]) => ({
    count,
    text: doText(group, count, tense),
  }));
  if (first === undefined) return "No boards";
  if (others.length === 0) return `${first.count === 1 ? "The board" : `All ${all}`} ${first.text}`;
  return [
    `${countText(first.count, "board")} ${first.text}`,
    ...others.map(({ count, text }) => `${count} ${text}`),
  ].join(", ");
}

function groupOf(
  { level, about, what }: Pick<Trouble, "level" | "about" | "what">,
  alertsKnown: boolean,
): string {
  if (level === "none") return alertsKnown ? "fine" : "seeming";
  return about === "alert" || about === "leak" ? "notice" : what;
}

function doText(group: string, count: number, { be, have, seem }: Tense): string {
  const at = count === 1 ? 0 : 1;
  if (group === "seeming") return `${seem[at]} fine`;
  if (group === "notice") return `${have[at]} a notice`;
  if (group === "console") return `${have[at]} a console open`;
  return `${be[at]} ${group}`;
}
