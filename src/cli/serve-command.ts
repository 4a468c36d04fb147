import type { Command } from "commander";
import type { Setting } from "../app/config-sources.ts";
import type { CliIo } from "./cli-io.ts";

interface ServeFlags {
  readonly config?: string;
  readonly port?: readonly string[];
  readonly emulate?: string;
  readonly listen?: string;
  readonly database?: string;
  readonly record?: string;
}

/** `heapscope serve` */
export function addServe(program: Command, io: CliIo): void {
  program
    .command("serve")
    .summary("watch every board: REST, WebSocket feed and history")
    .description(
      "Watches the heap of every attached MicroPython board until Ctrl-C, and serves what it sees on " +
        "http://127.0.0.1:7380. Boards whose USB ids are MicroPython for certain are attached by themselves; others " +
        "only when named. Where there is none at all, an emulated board stands in.",
    )
    .option("--config <file>", "YAML file with the configuration (default: $HEAPSCOPE_CONFIG, else none)")
    .option("--port <url...>", "watch these ports: device path, serial:PATH or tcp://HOST:PORT")
    .option("--emulate <count>", "start so many emulated boards beside the real ones")
    .option("--listen <host:port>", "address of the API (default 127.0.0.1:7380)")
    .option("--database <file>", "file of the history; :memory: keeps nothing")
    .option("--record <dir>", "keep what goes over the wire, each opened port in a new folder in DIR")
    .addHelpText(
      "after",
      `
Flags beat HEAPSCOPE_… variables, which beat the file; "heapscope check-config --help"
lists the variables. --port takes the place of the file's boards.

Examples:
  heapscope serve
  heapscope serve --port /dev/ttyUSB0 --port tcp://192.168.1.20:8880
  heapscope serve --config /etc/heapscope.yaml --listen 127.0.0.1:9000
  heapscope serve --emulate 2 --database :memory:`,
    )
    .action(async (flags: ServeFlags) => {
      const { runServe } = await import("../app/run-serve.ts");
      await runServe(
        {
          file: flags.config ?? io.env["HEAPSCOPE_CONFIG"] ?? null,
          env: io.env,
          flags: serveSettings(flags),
        },
        io.out,
        flags.record ?? null,
      );
    });
}

/** The flags as settings; what is wrong with a value, the configuration says. */
export function serveSettings(flags: ServeFlags): readonly Setting[] {
  const settings: Setting[] = [];
  if (flags.listen !== undefined)
    settings.push({ path: ["listen"], value: flags.listen, origin: "--listen" });
  if (flags.database !== undefined)
    settings.push({ path: ["database"], value: flags.database, origin: "--database" });
  if (flags.emulate !== undefined) {
    const count = /^\d+$/.test(flags.emulate) ? Number(flags.emulate) : flags.emulate;
    settings.push({ path: ["emulate"], value: count, origin: "--emulate" });
  }
  if (flags.port !== undefined) {
    settings.push({ path: ["boards"], value: flags.port.map((port) => ({ port })), origin: "--port" });
  }
  return settings;
}
