import type { Command } from "commander";
import { daemonAddress, defaultDaemonUrl } from "../app/daemon-client.ts";
import type { WatchListener, WatchOptions } from "../app/watch-boards.ts";
import type { WatchView } from "../app/watch-view.ts";
import { systemClock } from "../shared/clock.ts";
import { type CliIo, joinLines, jsonLine, tokenHelp } from "./cli-io.ts";
import { openLiveScreen } from "./live-screen.ts";
import { canvasOf } from "./render/canvas.ts";
import { watchLines } from "./render/watch.ts";
import { eventLines } from "./render/watch-event.ts";
import { WatchNotes } from "./watch-notes.ts";

interface WatchFlags {
  readonly url: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** How often silence is looked for, ms. */
const lookMs = 1000;

/** `heapscope watch` */
export function addWatch(program: Command, io: CliIo): void {
  program
    .command("watch")
    .summary("look on while the daemon watches: one line per board")
    .description(
      "Shows every board that the running daemon watches, or the named ones, one line each: state, heap, largest free " +
        "run, fragmentation, trend, and below it the alerts that fire. Goes on when the connection is lost and the " +
        "daemon comes back. In a pipe, prints one line per event. Ctrl-C leaves.",
    )
    .argument("[board...]", "ids or names, as in GET /api/v1/boards (default: all)")
    .option("--json", "every message of the feed as it came, one JSON value per line")
    .option("--url <url>", "the daemon", defaultDaemonUrl)
    .option("--token <token>", tokenHelp)
    .addHelpText(
      "after",
      `
The bar shows the heap: █ used, ▒ free in smaller pieces, ░ the largest free run.
● is read, ◐ waits or is late, ○ does not answer, ◌ is not known just now.

Examples:
  heapscope watch
  heapscope watch greenhouse porch
  heapscope watch --json | jq -c 'select(.type == "alert")'
  heapscope watch --url http://10.0.0.5:7380 | tee heap.log`,
    )
    .action(async (boards: readonly string[], flags: WatchFlags) => {
      const isLive = io.terminal.output.isTTY === true && flags.json !== true;
      const options = { ...daemonAddress(flags, io.env), boards, withTrends: isLive };
      await (isLive ? watchLive(options, io) : watchLog(options, flags.json === true, io));
    });
}

async function watchLive(options: WatchOptions, io: CliIo): Promise<void> {
  const { output } = io.terminal;
  const stop = io.stopSignal();
  let view: () => WatchView = () => ({
    connection: { kind: "connecting" },
    boards: [],
    alerts: [],
    unstored: false,
    silentMs: 0,
  });
  const frame = (): string[] =>
    watchLines(
      { view: view(), url: options.url, nowMs: systemClock.nowMs(), rows: (output.rows ?? 24) - 1 },
      canvasOf(output, io.env),
    );
  const { watchBoards } = await import("../app/watch-boards.ts");
  let screen: ReturnType<typeof openLiveScreen> | undefined;
  try {
    const listener: WatchListener = {
      onChange: (now) => {
        view = now;
        // Only now: what stands in the way of a first look is said on an ordinary screen.
        if (now().connection.kind !== "connecting") screen ??= openLiveScreen(output, systemClock, frame);
        screen?.touch();
      },
    };
    await watchBoards(options, listener, stop);
  } finally {
    screen?.stop();
  }
}

async function watchLog(options: WatchOptions, json: boolean, io: CliIo): Promise<void> {
  const { watchBoards } = await import("../app/watch-boards.ts");
  const notes = new WatchNotes();
  const say = (note: string | null): void => {
    if (note !== null) io.note(`heapscope: ${note}\n`);
  };
  let view: (() => WatchView) | null = null;
  const look = (): void => {
    if (view !== null) say(notes.silence(view()));
    cancelLook = systemClock.after(lookMs, look);
  };
  let cancelLook = systemClock.after(lookMs, look);
  const listener: WatchListener = {
    onChange: (now) => {
      view = now;
    },
    onMessage: (message, nameOf) => {
      io.out(json ? jsonLine(message) : joinLines(eventLines(message, nameOf)));
    },
    ...(json && { onHello: (hello) => io.out(jsonLine(hello)) }),
    onState: (state) => say(notes.connection(state)),
  };
  try {
    await watchBoards(options, listener, io.stopSignal());
  } finally {
    cancelLook();
  }
}
