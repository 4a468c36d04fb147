import { pino } from "pino";
import { loadConfig } from "../../src/app/load-config.ts";
import { startDaemon } from "../../src/app/serve.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { systemClock } from "../../src/shared/clock.ts";

/** What a daemon says of the board at `url` after it has watched it for `seconds`, and what it missed. */
export async function watchedFor(
  url: string,
  seconds: number,
): Promise<{ readonly board: BoardSnapshot; readonly missed: readonly unknown[] }> {
  const settings: Readonly<Record<string, unknown>> = {
    listen: "127.0.0.1:0",
    database: ":memory:",
    autoAttach: false,
    boards: [{ port: url }],
    "sampling.readIntervalSeconds": 1,
    "sampling.collectIntervalSeconds": 5,
  };
  const flags = Object.entries(settings).map(([path, value]) => ({
    path: path.split("."),
    value,
    origin: `--${path}`,
  }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    // JSON.parse gives `any`; the schemas of these two routes are tested elsewhere.
    const ask = async (path: string) =>
      JSON.parse(await (await fetch(`${daemon.url}/api/v1/${path}`)).text());
    const [board] = await ask("boards");
    return { board, missed: await ask(`boards/${encodeURIComponent(board.id)}/missed`) };
  } finally {
    await daemon.stop();
  }
}
