import type { ExplainedPort, PortsReport } from "../../app/explain-ports.ts";
import { bold, type Canvas, dim, painted, wrapParts, wrapWords } from "./canvas.ts";

const indent = 4;

/** All ports, then the entries of the configuration that have none. */
export function portsLines({ ports, idle }: PortsReport, canvas: Canvas): string[] {
  return [
    ...(ports.length === 0 ? noPortsLines(canvas) : ports.flatMap((port) => portLines(port, canvas))),
    ...(idle.length === 0 ? [] : ["", bold(canvas, "In the configuration, without a port")]),
    ...idle.flatMap(({ entry, reason }) => indented(`${entry}: ${reason}`, canvas)),
  ];
}

/** One port: path, what it is, its lasting path, what `serve` does with it, what stands in the way. */
export function portLines(port: ExplainedPort, canvas: Canvas): string[] {
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
    ...wrapParts(facts, canvas.columns - indent, " · ").map((line) => `    ${line}`),
    ...lastingPaths(port).map((link) => `    ${dim(canvas, link)}`),
    ...indented(port.reason, canvas, (line) => (port.attach ? line : dim(canvas, line))),
    ...warnings(port).flatMap((text) =>
      indented(`! ${text}`, canvas, (line) => painted(canvas, line, { foreground: 178 })),
    ),
  ];
}

/** The path by id; where that does not tell it from another device, or is missing, also the one by place. */
function lastingPaths({ links, sameSerialNumber }: ExplainedPort): readonly string[] {
  const [first] = links;
  return sameSerialNumber.length > 0 || first === undefined ? links : [first];
}

function warnings({ heldBy, permitted, sameSerialNumber, attach }: ExplainedPort): string[] {
  const others = sameSerialNumber.join(" and ");
  return [
    ...(heldBy === null ? [] : [`Open in another program just now: ${heldBy}.`]),
    ...(permitted || !attach
      ? []
      : ["You may not open it. Join the group dialout (sudo usermod -aG dialout $USER) and log in again."]),
    ...(others === ""
      ? []
      : [`${others} has the same serial number, so it cannot tell them apart. Name them by their by-path.`]),
  ];
}

function noPortsLines(canvas: Canvas): string[] {
  return [
    ...wrapWords(
      "No serial port is attached. Plug a board in (with a cable that carries data) and look again.",
      canvas.columns,
    ),
    ...wrapWords('"heapscope emulate" gives you an emulated board to try things on.', canvas.columns),
  ];
}

function indented(text: string, canvas: Canvas, paint: (line: string) => string = (line) => line): string[] {
  return wrapWords(text, canvas.columns - indent).map((line) => `    ${paint(line)}`);
}

function kindText({ kind, name, manufacturer, product, vendorId }: ExplainedPort): string {
  if (kind === "micropython") return `MicroPython: ${name}`;
  if (kind === "bridge") return `USB-UART bridge: ${name}`;
  const own = [manufacturer, product].filter((text) => text !== null).join(" ");
  if (vendorId === null) return own === "" ? "a port of the mainboard" : own;
  return own === "" ? "unknown" : `unknown: ${own}`;
}
