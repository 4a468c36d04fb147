import type { TroubleLevel } from "../model/trouble.ts";

/** Shape and word as well as colour: not everyone tells red from green. */
const signs: Readonly<Record<TroubleLevel, string>> = { critical: "◆", warning: "▲", info: "●", none: "✓" };

export function Badge({ level, text }: { readonly level: TroubleLevel; readonly text: string }) {
  return (
    <span class={`badge badge-${level}`}>
      <span aria-hidden="true">{signs[level]}</span> {text}
    </span>
  );
}
