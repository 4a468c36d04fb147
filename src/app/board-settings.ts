import type { BoardSettings } from "../board/watched-board.ts";
import { defaultPortOptions } from "../transport/port.ts";
import { canonicalPortUrl } from "../transport/port-url.ts";
import type { BoardConfig, Config } from "./config-schema.ts";

/** What is known of a port before it is opened. */
export interface PortIdentity {
  readonly serialNumber: string | null;
  readonly emulated: boolean;
  /** Its USB ids are MicroPython for certain. */
  readonly certain: boolean;
}

/** How one board is watched: its own keys over the common ones. */
export function boardSettings(
  board: BoardConfig,
  common: Config["sampling"],
  identity: PortIdentity,
): BoardSettings {
  const sampling = {
    readIntervalSeconds: board.readIntervalSeconds ?? common.readIntervalSeconds,
    collectIntervalSeconds: board.collectIntervalSeconds ?? common.collectIntervalSeconds,
    mapIntervalSeconds: board.mapIntervalSeconds ?? common.mapIntervalSeconds,
    mapSharePercent: board.mapSharePercent ?? common.mapSharePercent,
  };
  return {
    port: canonicalPortUrl(board.port),
    name: board.name ?? null,
    ...identity,
    plan: {
      readIntervalMs: sampling.readIntervalSeconds * 1000,
      collectIntervalMs: sampling.collectIntervalSeconds * 1000,
      mapIntervalMs: sampling.mapIntervalSeconds * 1000,
      mapShare: sampling.mapSharePercent / 100,
    },
    whenBusy: board.whenBusy ?? common.whenBusy,
    ...(board.consolePort !== undefined && { consolePort: board.consolePort }),
    portOptions: {
      baudRate: board.baudRate ?? defaultPortOptions.baudRate,
      ...(board.dtr !== undefined && { dtr: board.dtr }),
      ...(board.rts !== undefined && { rts: board.rts }),
    },
  };
}
