import type { Command } from "commander";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import { portsLines } from "./render/ports.ts";

interface PortsFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** `heapscope ports` */
export function addPorts(program: Command, io: CliIo): void {
  program
    .command("ports")
    .summary("list the serial ports and what heapscope makes of each")
    .description(
      "Lists every serial port of this machine and every one that the configuration names: what it is, whether `serve` " +
        "attaches it, by which entry, and why not. Opens none of them and sends nothing.",
    )
    .option("--config <file>", "YAML file with the configuration (default: $HEAPSCOPE_CONFIG, else none)")
    .option("--json", "one JSON object per port and line")
    .addHelpText(
      "after",
      `
● is attached, ○ is left alone. The paths below /dev/serial stay the same wherever the
board ends up; they and the serial number are what to write into the configuration.

Examples:
  heapscope ports
  heapscope ports --config /etc/heapscope.yaml
  heapscope ports --json | jq -r 'select(.attach).path'`,
    )
    .action(async ({ config: file, json }: PortsFlags) => {
      const [{ loadConfig }, { listAttached }, { explainPorts }] = await Promise.all([
        import("../app/load-config.ts"),
        import("../app/list-attached.ts"),
        import("../app/explain-ports.ts"),
      ]);
      const source = file ?? io.env["HEAPSCOPE_CONFIG"] ?? null;
      const config = loadConfig({ file: source, env: io.env, flags: [] });
      const report = await explainPorts(config, await listAttached());
      if (json) for (const port of report.ports) io.out(jsonLine(port));
      else if (report.ports.length === 0) io.note(joinLines(portsLines(report, io.canvas)));
      else io.out(joinLines(portsLines(report, io.canvas)));
    });
}
