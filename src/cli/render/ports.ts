import type { AttachedPort } from "../../app/list-attached.ts";
import { bold, type Canvas, dim, painted, wrapParts, wrapWords } from "./canvas.ts";

/** One port: path, what it is, what `serve` does with it. */
export function portLines(port: AttachedPort, canvas: Canvas): string[] {
  const facts = [
    kindText(port),
    ...(port.vendorId === null ? [] : [`USB ${port.vendorId}:${port.productId ?? "????"}`]),
    ...(port.serialNumber === null ? [] : [`serial number ${port.serialNumber}`]),
  ];
  const mark = port.attach
    ? painted(canvas, "●", { foreground: 36 })
    : painted(canvas, "○", { foreground: 247 });
  return [
    `${mark} ${bold(canvas, port.path)}`,
    ...wrapParts(facts, canvas.columns - 4, " · ").map((line) => `    ${line}`),
    ...wrapWords(port.reason, canvas.columns - 4).map((line) => `    ${dim(canvas, line)}`),
  ];
}

/** What there is to say when there is no port. */
export function noPortsLines(canvas: Canvas): string[] {
  return [
    ...wrapWords(
      "No serial port is attached. Plug a board in (with a cable that carries data) and look again.",
      canvas.columns,
    ),
    ...wrapWords('"heapscope emulate" gives you an emulated board to try things on.', canvas.columns),
  ];
}

function kindText({ kind, name, manufacturer, product }: AttachedPort): string {
  if (kind === "micropython") return `MicroPython: ${name}`;
  if (kind === "bridge") return `USB-UART bridge: ${name}`;
  const own = [manufacturer, product].filter((text) => text !== null).join(" ");
  return own === "" ? "unknown" : `unknown: ${own}`;
}
