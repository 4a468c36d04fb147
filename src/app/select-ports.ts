import { type PortPath, portPath, portPaths } from "../transport/port-paths.ts";
import { selectorOf } from "./board-selector.ts";
import type { BoardConfig, Config } from "./config-schema.ts";
import type { AttachedPort } from "./list-attached.ts";

/** A port, and whose it is by the configuration. */
export interface SelectedPort {
  /** As it is opened. */
  readonly url: string;
  /** The device file it leads to; null where it is not there, or no device of this machine. */
  readonly device: string | null;
  /** What the system's list says of it; null where it is in none (a pseudo-terminal, TCP, not there). */
  readonly port: AttachedPort | null;
  /** Index of the entry of `boards` that claims it; null = none. */
  readonly entry: number | null;
  /** Whether it is watched: claimed by an entry, or attached by itself. */
  readonly attach: boolean;
  /** Its entry names this very path: what is found there is the entry's board. */
  readonly fixed: boolean;
}

export interface Selection {
  readonly ports: readonly SelectedPort[];
  /** Entries without a port so far, which is fine: a fixed path that is not there, wildcards that match nothing. */
  readonly waiting: readonly number[];
  /** Entries whose path leads to a device that an earlier entry has. */
  readonly doubled: readonly { readonly entry: number; readonly first: number; readonly device: string }[];
}

/** How paths become devices; another way in tests. */
export interface PathLookup {
  readonly one: (path: string) => PortPath | null;
  readonly all: (pattern: string) => readonly PortPath[];
}

const systemPaths: PathLookup = { one: portPath, all: portPaths };

/**
 * Which ports are watched, and by which entry: the first one that matches. Configured ones come first, then those that are
 * attached by themselves, then the rest, which are not.
 */
export function selectPorts(
  { boards, autoAttach }: Pick<Config, "boards" | "autoAttach">,
  attached: readonly AttachedPort[],
  paths: PathLookup = systemPaths,
): Selection {
  const byDevice = new Map(attached.map((port) => [port.path, port]));
  const claims = new Map<string, number>();
  const ports: SelectedPort[] = [];
  const waiting: number[] = [];
  const doubled: Selection["doubled"][number][] = [];
  for (const [entry, board] of boards.entries()) {
    const found = portsOf(board, byDevice, paths);
    if (found.every(({ device }) => device === null) && !isElsewhere(board)) waiting.push(entry);
    for (const { url, device, fixed } of found) {
      const first = device === null ? undefined : claims.get(device);
      if (device !== null && first !== undefined) {
        if (fixed) doubled.push({ entry, first, device });
        continue;
      }
      if (device !== null) claims.set(device, entry);
      const port = device === null ? null : (byDevice.get(device) ?? null);
      ports.push({ url, device, port, entry, attach: true, fixed });
    }
  }
  for (const port of attached) {
    if (claims.has(port.path)) continue;
    const attach = autoAttach && port.attach;
    ports.push({ url: `serial:${port.path}`, device: port.path, port, entry: null, attach, fixed: false });
  }
  return { ports, waiting, doubled };
}

type Found = Pick<SelectedPort, "url" | "device" | "fixed">;

/** The ports that an entry stands for just now; its own one also where it is not there. */
function portsOf(
  board: BoardConfig,
  listed: ReadonlyMap<string, AttachedPort>,
  paths: PathLookup,
): readonly Found[] {
  const selector = selectorOf(board);
  switch (selector.kind) {
    case "port": {
      const device = selector.path === null ? null : (paths.one(selector.path)?.device ?? null);
      return [{ url: selector.url, device, fixed: true }];
    }
    case "wildcard":
      return paths.all(selector.pattern).flatMap(({ path, device, isTerminal }) => {
        // By its link a pseudo-terminal is found again, which has no serial number.
        if (isTerminal) return [{ url: `serial:${path}`, device, fixed: false }];
        return listed.has(device) ? [{ url: `serial:${device}`, device, fixed: false }] : [];
      });
    case "serial-number":
      return [...listed.values()]
        .filter(({ serialNumber }) => selector.matches(serialNumber))
        .map(({ path }) => ({ url: `serial:${path}`, device: path, fixed: false }));
  }
}

/** Behind TCP: whether it is there, only opening tells. */
function isElsewhere(board: BoardConfig): boolean {
  const selector = selectorOf(board);
  return selector.kind === "port" && selector.path === null;
}

/** A text that changes when a path that the configuration names comes, goes, or leads elsewhere. */
export function pathsFingerprint(
  { boards }: Pick<Config, "boards">,
  paths: PathLookup = systemPaths,
): string {
  return boards
    .map((board) => {
      const selector = selectorOf(board);
      if (selector.kind === "wildcard") return paths.all(selector.pattern).map(leadsTo).join(" ");
      const found = selector.kind === "port" && selector.path !== null ? paths.one(selector.path) : null;
      return found === null ? "" : leadsTo(found);
    })
    .join("\n");
}

function leadsTo({ path, device }: PortPath): string {
  return `${path}>${device}`;
}
