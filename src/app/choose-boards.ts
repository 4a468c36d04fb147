import type { BoardConfig, Config } from "./config-schema.ts";
import type { AttachedPort } from "./list-attached.ts";

/** The ports to watch, and how many emulated boards to start. */
export interface BoardChoice {
  readonly boards: readonly BoardConfig[];
  /** USB serial numbers by port URL, where the system knows them. */
  readonly serialNumbers: ReadonlyMap<string, string>;
  readonly emulated: number;
  /** True where an emulated board stands in because nothing was attached or named. */
  readonly standIn: boolean;
}

/**
 * Configured boards, the attached ports that are MicroPython for certain, and as many emulated boards as asked for.
 * `standInWhenAlone`: one emulated board where all that gives none.
 */
export function chooseBoards(
  config: Config,
  attached: readonly AttachedPort[],
  standInWhenAlone: boolean,
): BoardChoice {
  const named = new Set(config.boards.map((board) => board.port.replace(/^serial:/, "")));
  const found = config.autoAttach ? attached.filter((port) => port.attach && !named.has(port.path)) : [];
  const boards = [...config.boards, ...found.map((port) => ({ port: `serial:${port.path}` }))];
  const standIn = standInWhenAlone && boards.length === 0 && config.emulate === 0;
  const serialNumbers = attached.flatMap(({ path, serialNumber }) =>
    serialNumber === null ? [] : [[`serial:${path}`, serialNumber] as const],
  );
  return {
    boards,
    serialNumbers: new Map(serialNumbers),
    emulated: standIn ? 1 : config.emulate,
    standIn,
  };
}
