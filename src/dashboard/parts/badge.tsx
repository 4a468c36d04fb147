import type { Verdict } from "../model/verdict.ts";

/** Shape and word as well as colour: not everyone tells red from green. */
const signs: Readonly<Record<Verdict["level"], string>> = {
  critical: "◆",
  warning: "▲",
  info: "●",
  none: "✓",
  old: "○",
};

export function Badge({ level, text }: { readonly level: Verdict["level"]; readonly text: string }) {
  return (
    <span class={`badge badge-${level}`}>
      <span aria-hidden="true">{signs[level]}</span> {text}
    </span>
  );
}
