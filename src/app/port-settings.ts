import { tellingSerialNumber } from "../board/serial-number.ts";
import type { BoardSettings } from "../board/watched-board.ts";
import type { PortKind } from "../transport/modem-lines.ts";
import { boardSettings } from "./board-settings.ts";
import type { Config } from "./config-schema.ts";
import type { AttachedPort } from "./list-attached.ts";
import type { SelectedPort } from "./select-ports.ts";

const portKinds: Readonly<Record<AttachedPort["kind"], PortKind>> = {
  micropython: "native",
  bridge: "bridge",
  unknown: "unknown",
};

/** How the board at a selected port is watched. */
export function portSettings({ url, port, entry }: SelectedPort, config: Config): BoardSettings {
  const board = entry === null ? {} : (config.boards[entry] ?? {});
  return boardSettings(url, board, config.sampling, {
    serialNumber: tellingSerialNumber(port?.serialNumber ?? null),
    emulated: false,
    certain: port?.kind === "micropython",
    kind: port === null ? "unknown" : portKinds[port.kind],
  });
}
