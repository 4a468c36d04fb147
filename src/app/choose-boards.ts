import type { Config } from "./config-schema.ts";
import type { SelectedPort, Selection } from "./select-ports.ts";

/** The ports to watch from the start, and how many emulated boards to start. */
export interface BoardChoice {
  /** Also configured ones that are not there yet. */
  readonly ports: readonly SelectedPort[];
  readonly emulated: number;
  /** True where an emulated board stands in because nothing was attached or named. */
  readonly standIn: boolean;
}

/** `standInWhenAlone`: one emulated board where nothing is attached, named in the configuration, or asked for. */
export function chooseBoards(config: Config, selection: Selection, standInWhenAlone: boolean): BoardChoice {
  const ports = selection.ports.filter(({ attach }) => attach);
  const isAlone = ports.length === 0 && config.boards.length === 0 && config.emulate === 0;
  const standIn = standInWhenAlone && isAlone;
  return { ports, emulated: standIn ? 1 : config.emulate, standIn };
}
