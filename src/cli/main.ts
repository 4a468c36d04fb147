#!/usr/bin/env node
import { CommanderError } from "commander";
import { asHeapscopeError } from "../shared/errors.ts";
import type { EnvironmentNames } from "./check-config-command.ts";
import type { CliIo } from "./cli-io.ts";
import { buildProgram } from "./program.ts";
import { canvasOf } from "./render/canvas.ts";
import { outputTo } from "./standard-output.ts";

const interruptedCode = 130;

const stop = new AbortController();
const stopped = new Error("interrupted");

/** The first signal asks; a second one does not wait. */
function stopSignal(): AbortSignal {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => stop.abort(stopped));
  }
  return stop.signal;
}

function fail(exitCode: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode);
}

// A standard error that cannot be written: there is nobody left to tell.
process.stderr.on("error", () => {});
const note = (text: string): void => void process.stderr.write(text);

const io: CliIo = {
  out: outputTo(process.stdout, { note, exit: (code) => process.exit(code) }),
  note,
  stdin: process.stdin,
  terminal: { input: process.stdin, output: process.stdout },
  env: process.env,
  canvas: canvasOf(process.stdout, process.env),
  stopSignal,
  fail,
};

/**
 * The names of settings in the environment, for the one help text that lists them. They come from the configuration's schema,
 * which takes longer to load than all the rest, so other commands do without.
 */
async function environmentNames(argv: readonly string[]): Promise<EnvironmentNames> {
  if (!argv.includes("check-config")) return [];
  const { environmentKeys } = await import("../app/config-sources.ts");
  return [...environmentKeys()].map(([name, { path }]) => ({ name, key: path.join(".") }));
}

try {
  await buildProgram(io, await environmentNames(process.argv)).parseAsync();
} catch (error) {
  if (error === stopped) fail(interruptedCode);
  else if (error instanceof CommanderError) fail(error.exitCode === 0 ? 0 : 2);
  else {
    const failure = asHeapscopeError(error);
    io.note(`heapscope: ${failure.message}\n`);
    fail(failure.exitCode);
  }
}
