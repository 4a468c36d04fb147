import type { BoardSettings } from "../board/watched-board.ts";
import type { PortKind } from "../transport/modem-lines.ts";
import { defaultPortOptions } from "../transport/port.ts";
import type { BoardConfig, Config } from "./config-schema.ts";

/** What is known of a port before it is opened. */
export interface PortIdentity {
  /** Null where it has none that tells it from others. */
  readonly serialNumber: string | null;
  readonly emulated: boolean;
  /** Its USB ids are MicroPython for certain. */
  readonly certain: boolean;
  readonly kind: PortKind;
}

/** How one board is watched: its own keys over the common ones. `url`: as its port is opened. */
export function boardSettings(
  url: string,
  board: BoardConfig,
  common: Config["sampling"],
  { serialNumber, emulated, certain, kind }: PortIdentity,
): BoardSettings {
  const sampling = {
    readIntervalSeconds: board.readIntervalSeconds ?? common.readIntervalSeconds,
    collectIntervalSeconds: board.collectIntervalSeconds ?? common.collectIntervalSeconds,
    mapIntervalSeconds: board.mapIntervalSeconds ?? common.mapIntervalSeconds,
    mapSharePercent: board.mapSharePercent ?? common.mapSharePercent,
  };
  return {
    port: url,
    name: board.name ?? null,
    serialNumber,
    emulated,
    certain,
    plan: {
      readIntervalMs: sampling.readIntervalSeconds * 1000,
      collectIntervalMs: sampling.collectIntervalSeconds * 1000,
      mapIntervalMs: sampling.mapIntervalSeconds * 1000,
      mapShare: sampling.mapSharePercent / 100,
    },
    whenBusy: board.whenBusy ?? common.whenBusy,
    helper: {
      mode: board.helper ?? common.helper,
      request: (board.helperRequest ?? common.helperRequest)?.charCodeAt(0) ?? null,
    },
    ...(board.consolePort !== undefined && { consolePort: board.consolePort }),
    portOptions: {
      baudRate: board.baudRate ?? defaultPortOptions.baudRate,
      kind,
      ...(serialNumber !== null && { serialNumber }),
      ...(board.dtr !== undefined && { dtr: board.dtr }),
      ...(board.rts !== undefined && { rts: board.rts }),
    },
  };
}
