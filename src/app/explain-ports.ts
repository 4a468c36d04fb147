import { accessSync, constants } from "node:fs";
import { portHolder } from "../transport/port-holder.ts";
import { selectorOf, selectorText } from "./board-selector.ts";
import type { Config } from "./config-schema.ts";
import { keyOf } from "./config-tree.ts";
import type { AttachedPort } from "./list-attached.ts";
import { type SelectedPort, type Selection, selectPorts } from "./select-ports.ts";
import { sameSerialNumbers } from "./serial-twins.ts";

/** A port, and what `serve` would do with it under a configuration. `attach` and `reason` take that into account. */
export interface ExplainedPort extends AttachedPort {
  /** The entry that claims it, such as "boards[0]"; null = none. */
  readonly entry: string | null;
  /** Other devices with the same serial number. */
  readonly sameSerialNumber: readonly string[];
  /** The other program that has it open, such as "mpremote (process 1234)"; null = none that can be seen. */
  readonly heldBy: string | null;
  /** Whether this user may open it. */
  readonly permitted: boolean;
}

/** An entry of the configuration that has no port. */
export interface IdleEntry {
  readonly entry: string;
  /** Why, for people. */
  readonly reason: string;
}

export interface PortsReport {
  readonly ports: readonly ExplainedPort[];
  readonly idle: readonly IdleEntry[];
}

/** What can be found out about a device without opening it; another way in tests. */
export interface DeviceFacts {
  readonly holder: (path: string) => Promise<string | null>;
  readonly mayOpen: (path: string) => boolean;
}

const systemFacts: DeviceFacts = { holder: portHolder, mayOpen };

/** Every port that is attached or named, by path, and every entry without one. Opens nothing. */
export async function explainPorts(
  config: Config,
  attached: readonly AttachedPort[],
  facts: DeviceFacts = systemFacts,
): Promise<PortsReport> {
  const selection = selectPorts(config, attached);
  const twins = sameSerialNumbers(attached);
  const there = selection.ports.filter(({ device, url }) => device !== null || !url.startsWith("serial:"));
  const ports = await Promise.all(
    there.map(async (selected): Promise<ExplainedPort> => {
      const port = selected.port ?? unlisted(selected);
      const same = twins.find(({ paths }) => paths.includes(port.path))?.paths ?? [];
      const { device } = selected;
      return {
        ...port,
        attach: selected.attach,
        reason: reasonFor(selected, config) ?? port.reason,
        entry: selected.entry === null ? null : keyOf(`/boards/${selected.entry}`),
        sameSerialNumber: same.filter((path) => path !== port.path),
        heldBy: device === null ? null : await facts.holder(device),
        permitted: device === null || facts.mayOpen(device),
      };
    }),
  );
  return { ports: ports.sort(byPath), idle: idleEntries(selection, config) };
}

function byPath(one: ExplainedPort, other: ExplainedPort): number {
  return one.path.localeCompare(other.path, "en", { numeric: true });
}

/** Why it is attached, or not; null where the port itself says it. */
function reasonFor({ url, entry, attach, port }: SelectedPort, { boards }: Config): string | null {
  const board = entry === null ? undefined : boards[entry];
  if (entry !== null && board) {
    const named = board.name === undefined ? "" : ` as "${board.name}"`;
    const text = selectorText(selectorOf(board));
    const how = url.endsWith(text) ? "" : `, ${text}`;
    return `serve attaches it${named}: ${keyOf(`/boards/${entry}`)}${how}.`;
  }
  if (port?.attach && !attach) return "autoAttach is off and no entry of the configuration names it.";
  return null;
}

function idleEntries({ waiting, doubled }: Selection, { boards }: Config): readonly IdleEntry[] {
  return [
    ...waiting.map((index) => {
      const selector = selectorOf(boards[index] ?? {});
      const text = selectorText(selector);
      const reason = selector.kind === "port" ? `${text} is not there.` : `No port matches ${text}.`;
      return { entry: keyOf(`/boards/${index}`), reason };
    }),
    ...doubled.map(({ entry, first, device }) => ({
      entry: keyOf(`/boards/${entry}`),
      reason: `${device} is already ${keyOf(`/boards/${first}`)}.`,
    })),
  ];
}

/** A pseudo-terminal or a TCP port, which no list knows. */
function unlisted({ url, device }: SelectedPort): AttachedPort {
  const path = url.replace(/^serial:/, "");
  return {
    path,
    links: [],
    vendorId: null,
    productId: null,
    serialNumber: null,
    manufacturer: null,
    product: device === null ? "TCP port" : device === path ? "pseudo-terminal" : `pseudo-terminal ${device}`,
    usbPlace: null,
    usbInterface: null,
    kind: "unknown",
    name: null,
    attach: true,
    reason: "",
  };
}

function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
