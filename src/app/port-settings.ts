import { tellingSerialNumber } from "../board/serial-number.ts";
import type { BoardSettings } from "../board/watched-board.ts";
import type { PortKind } from "../transport/modem-lines.ts";
import { boardSettings } from "./board-settings.ts";
import type { Config } from "./config-schema.ts";
import { type AttachedPort, listAttached } from "./list-attached.ts";
import { type SelectedPort, selectPorts } from "./select-ports.ts";

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
    kind: kindOf(port),
  });
}

/** What hangs on the port at `url` by its USB ids, as far as its modem lines are concerned. Opens nothing. */
export async function portKindOf(url: string): Promise<PortKind> {
  const [selected] = selectPorts({ boards: [{ port: url }], autoAttach: false }, await listAttached()).ports;
  return kindOf(selected?.port ?? null);
}

function kindOf(port: AttachedPort | null): PortKind {
  return port === null ? "unknown" : portKinds[port.kind];
}
