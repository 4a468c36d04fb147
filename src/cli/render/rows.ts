import { bold, type Canvas, wrapParts } from "./canvas.ts";

/** Characters before a value. */
const labelWidth = 15;
const wide = 60;

/** `label   part · part · part`, wrapped between parts; in a narrow terminal the label gets a line of its own. */
export function rowLines(label: string, parts: readonly string[], canvas: Canvas): string[] {
  const name = bold(canvas, label);
  if (canvas.columns < wide) {
    const values = wrapParts(parts, canvas.columns - 4, " · ").map((line) => `    ${line}`);
    return label === "" ? values : [`  ${name}`, ...values];
  }
  const [first = "", ...rest] = wrapParts(parts, canvas.columns - labelWidth - 2, " · ");
  const gap = " ".repeat(labelWidth - label.length);
  return [`  ${name}${gap}${first}`, ...rest.map((line) => `  ${" ".repeat(labelWidth)}${line}`)];
}

/** Characters that a row's value may take. */
export function valueWidth(canvas: Canvas): number {
  return canvas.columns < wide ? canvas.columns - 4 : canvas.columns - labelWidth - 2;
}
