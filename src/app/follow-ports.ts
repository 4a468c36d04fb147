import type { Logger } from "pino";
import type { BoardRegistry } from "../board/registry.ts";
import { tellingSerialNumber } from "../board/serial-number.ts";
import type { Clock } from "../shared/clock.ts";
import { selectorOf, selectorText } from "./board-selector.ts";
import type { Config } from "./config-schema.ts";
import { keyOf } from "./config-tree.ts";
import type { AttachedPort } from "./list-attached.ts";
import { portSettings } from "./port-settings.ts";
import { pathsFingerprint, type SelectedPort, type Selection, selectPorts } from "./select-ports.ts";
import { sameSerialNumbers } from "./serial-twins.ts";
import { watchPorts } from "./watch-ports.ts";

export interface FollowDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Pick<BoardRegistry, "add" | "plugged" | "forget">;
  readonly listAttached: () => Promise<readonly AttachedPort[]>;
  /** Changes with the ports; null = only the list can tell. */
  readonly portsFingerprint: () => string | null;
}

/**
 * Watches the boards of `first`, and from then on whatever is plugged in, as the configuration says. Returns the stop, which
 * leaves the boards as they are.
 */
export function followPorts(config: Config, first: Selection, deps: FollowDeps): () => Promise<void> {
  const { clock, log, registry } = deps;
  const notices = new Notices(config, log);
  const isWatched = ({ attach }: SelectedPort): boolean => attach;
  for (const port of first.ports.filter(isWatched)) {
    registry.add(portSettings(port, config), { fixed: port.fixed });
  }
  notices.waiting(first);
  notices.selected(first);

  let now = first;
  return watchPorts<SelectedPort>(first.ports.filter(isPresent), {
    clock,
    log,
    fingerprint: () => {
      const ports = deps.portsFingerprint();
      return ports === null ? null : `${ports}\n${pathsFingerprint(config)}`;
    },
    list: async () => {
      now = selectPorts(config, await deps.listAttached());
      for (const { entry } of now.doubled) registry.forget(entryUrl(config, entry));
      notices.selected(now);
      return now.ports.filter(isPresent);
    },
    keyOf: portKey,
    // A path that the configuration names is ready when it is there; others get their links and rights a moment later.
    isReadyAtOnce: ({ fixed, port }) => fixed && port === null,
    onPlugged: (port) =>
      registry.plugged(portSettings(port, config), port.attach, {
        fixed: port.fixed,
        claimed: port.entry !== null,
        follow: mayFollow(port),
        isThere: (url, serialNumber) => isThere(now, url, serialNumber),
      }),
  });
}

function isPresent({ device }: SelectedPort): boolean {
  return device !== null;
}

/** A path that now belongs to another device, or to another entry, counts as plugged in. */
function portKey({ url, device, port, entry }: SelectedPort): string {
  return [url, device, port?.vendorId, port?.productId, port?.serialNumber, entry].join(" ");
}

/**
 * Whether a board that was watched is followed to this port although nothing names it: only by a serial number of its own, and
 * not to a further port of its device.
 */
function mayFollow({ port }: SelectedPort): boolean {
  return tellingSerialNumber(port?.serialNumber ?? null) !== null && (port?.usbInterface ?? 0) === 0;
}

function isThere({ ports }: Selection, url: string, serialNumber: string | null): boolean {
  return ports.some(
    (port) =>
      port.device !== null &&
      (port.url === url || `serial:${port.device}` === url) &&
      tellingSerialNumber(port.port?.serialNumber ?? null) === serialNumber,
  );
}

function entryUrl(config: Config, entry: number): string {
  const selector = selectorOf(config.boards[entry] ?? {});
  return selector.kind === "port" ? selector.url : "";
}

/** What is worth one line in the log, once. */
class Notices {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #said = new Set<string>();

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  /** Entries that stand for nothing so far. A fixed path is a board, whose state says it. */
  waiting({ waiting }: Selection): void {
    for (const entry of waiting) {
      const selector = selectorOf(this.#config.boards[entry] ?? {});
      if (selector.kind === "port") continue;
      const text = `No port matches ${keyOf(`/boards/${entry}`)} (${selectorText(selector)}) yet. heapscope waits for one.`;
      this.#log.info({ entry: keyOf(`/boards/${entry}`) }, text);
    }
  }

  selected({ ports, doubled }: Selection): void {
    for (const { entry, first, device } of doubled) {
      const [name, firstName] = [keyOf(`/boards/${entry}`), keyOf(`/boards/${first}`)];
      this.#once(`${name} is the same device as ${firstName}: ${device}. It is left out.`, {
        entry: name,
        device,
      });
    }
    const watched = ports.flatMap(({ port, attach }) => (port !== null && attach ? [port] : []));
    for (const { serialNumber, paths } of sameSerialNumbers(watched)) {
      const goBy =
        tellingSerialNumber(serialNumber) === null
          ? "That tells nothing, so each goes by its machine.unique_id()."
          : "So the later one has its port behind its id, and their histories mix when they change places: give each its own entry with a path from /dev/serial/by-path.";
      this.#once(
        `${paths.join(" and ")} are different devices with the same serial number, ${serialNumber}. ${goBy}`,
        {
          ports: paths,
          serialNumber,
        },
      );
    }
  }

  #once(text: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#log.warn(fields, text);
  }
}
