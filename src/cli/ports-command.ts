import type { Command } from "commander";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import { noPortsLines, portLines } from "./render/ports.ts";

/** `heapscope ports` */
export function addPorts(program: Command, io: CliIo): void {
  program
    .command("ports")
    .summary("list the serial ports and what heapscope makes of each")
    .description(
      "Lists every serial port of this machine: what its USB ids say it is, and whether `serve` attaches it by itself. " +
        "Opens none of them and sends nothing.",
    )
    .option("--json", "one JSON object per port and line")
    .addHelpText(
      "after",
      `
Examples:
  heapscope ports
  heapscope ports --json | jq -r 'select(.attach).path'`,
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { listAttached } = await import("../app/list-attached.ts");
      const ports = await listAttached();
      if (json) for (const port of ports) io.out(jsonLine(port));
      else if (ports.length === 0) io.note(joinLines(noPortsLines(io.canvas)));
      else io.out(joinLines(ports.flatMap((port) => portLines(port, io.canvas))));
    });
}
