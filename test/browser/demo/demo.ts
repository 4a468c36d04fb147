import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedBoard, startEmulatedBoard } from "../../../src/emulator/emulated-board.ts";
import { startDaemon, type TestDaemon, until } from "../daemon.ts";
import { type DemoName, demoBoards, demoRules } from "./demo-boards.ts";

export interface Demo {
  readonly daemon: TestDaemon;
  readonly boards: Readonly<Record<DemoName, EmulatedBoard>>;
  stop(): Promise<void>;
}

const apps = join(import.meta.dirname, "../apps");

/** Often, so that a test need not wait; maps only when they are asked for or the heap has moved. */
const sampling = {
  readIntervalSeconds: 1,
  collectIntervalSeconds: 5,
  mapIntervalSeconds: 20,
  mapSharePercent: 20,
};

/**
 * Three emulated boards with applications that are well, leak and fragment, and a daemon that watches them through their
 * pseudo-terminals. `history`: a file that it goes on from; null: it begins without one.
 */
export async function startDemo(history: string | null, config: object = {}): Promise<Demo> {
  const started = await Promise.all(
    demoBoards.map(({ name, boardId }) =>
      startEmulatedBoard({ app: join(apps, `${name}.py`), uniqueId: boardId }),
    ),
  );
  const stopBoards = async (): Promise<void> => {
    await Promise.all(started.map((board) => board.stop()));
  };
  try {
    const daemon = await startDaemon({
      config: {
        sampling,
        alerts: { rules: demoRules },
        boards: demoBoards.map(({ name }, index) => ({ port: started[index]?.url, name })),
        ...config,
      },
      ...(history !== null && { prepare: (file: string) => copyFileSync(history, file) }),
    });
    const boards = Object.fromEntries(demoBoards.map(({ name }, index) => [name, started[index]]));
    const stop = async (): Promise<void> => {
      await daemon.stop();
      await stopBoards();
    };
    return { daemon, boards: boards as Demo["boards"], stop };
  } catch (error) {
    await stopBoards();
    throw error;
  }
}

/** Resolves when every board was read, at least once with a map. */
export async function allRead({ daemon }: Demo, token?: string): Promise<void> {
  const rest = daemon.rest(token);
  const isRead = ({ counts, state }: { counts: { maps: number }; state: { kind: string } }): boolean =>
    state.kind === "ready" && counts.maps > 0;
  await until(
    () => rest.boards(),
    (boards) => boards.length === demoBoards.length && boards.every(isRead),
  );
}
