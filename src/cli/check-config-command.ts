import type { Command } from "commander";
import { systemClock } from "../shared/clock.ts";
import { type CliIo, joinLines } from "./cli-io.ts";
import { configLines } from "./render/config.ts";

/** The name of each setting in the environment, and its key. */
export type EnvironmentNames = readonly { readonly name: string; readonly key: string }[];

/** `heapscope check-config` */
export function addCheckConfig(program: Command, io: CliIo, environmentNames: EnvironmentNames): void {
  program
    .command("check-config")
    .summary("check the configuration and show what is in force")
    .description(
      "Checks a configuration file together with the HEAPSCOPE_… variables, and prints the values that are in force. What is " +
        "wrong is named with file, line and key, and the exit code is 2.",
    )
    .argument(
      "[file]",
      "YAML file (default: $HEAPSCOPE_CONFIG, else only the defaults and the variables are checked)",
    )
    .option("--schema", "print the JSON schema for editors instead")
    .addHelpText("after", () => environmentHelp(environmentNames))
    .action(async (file: string | undefined, { schema }: { readonly schema?: boolean }) => {
      if (schema) {
        const { editorSchema } = await import("../app/editor-schema.ts");
        io.out(`${JSON.stringify(editorSchema(), null, 2)}\n`);
        return;
      }
      const { loadConfig } = await import("../app/load-config.ts");
      const source = file ?? io.env["HEAPSCOPE_CONFIG"] ?? null;
      const config = loadConfig({ file: source, env: io.env, flags: [] });
      io.out(joinLines(configLines(source, config, io.canvas)));
      const { openDoorProblem } = await import("../app/open-access.ts");
      const problem = openDoorProblem(config, systemClock);
      if (problem !== null) io.note(`\nheapscope: Yet "serve" would not start here: ${problem.message}\n`);
    });
}

function environmentHelp(names: EnvironmentNames): string {
  const width = Math.max(0, ...names.map(({ name }) => name.length));
  const rows = names.map(({ name, key }) => `  ${name.padEnd(width)}  ${key}`);
  return `
Examples:
  heapscope check-config /etc/heapscope.yaml
  HEAPSCOPE_LISTEN=127.0.0.1:9000 heapscope check-config
  heapscope check-config --schema > heapscope.schema.json

Every key but the lists can also come from the environment, which beats the file:
${rows.join("\n")}`;
}
