import { compileMpy } from "../../lab/compile-mpy.ts";
import type { Firmware } from "../../lab/experiment.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import { HeapscopeError } from "../../shared/errors.ts";
import type { Problem } from "../finding.ts";
import { type Application, type ApplicationSource, sourcesOf } from "./application.ts";
import { encodingProblem } from "./encoding-problem.ts";
import type { Compiled } from "./forms.ts";
import { portableText } from "./portable.ts";

export interface CompiledSources {
  readonly compiled: Compiled;
  /** Paths of what MicroPython does not take. */
  readonly refused: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/**
 * Compiles all source. mpy-cross here is a little behind the interpreters, so what it refuses is given to the interpreter that is
 * measured on: what that takes runs as source, and has no bytecode.
 */
export async function compileAll(
  application: Application,
  bench: { readonly lab: Laboratory; readonly firmware: Firmware },
): Promise<CompiledSources> {
  const compiled = new Map<string, Uint8Array>();
  const refused = new Set<string>();
  const problems: Problem[] = [];
  for (const source of sourcesOf(application)) {
    const unreadable = encodingProblem(application, source);
    if (unreadable !== null) {
      refused.add(source.path);
      problems.push(unreadable);
      continue;
    }
    const bytes = await bytecodeOf(source);
    if (bytes !== null) compiled.set(source.path, bytes);
    else {
      const problem = await refusal(source, bench);
      if (problem === null) continue;
      refused.add(source.path);
      problems.push(problem);
    }
  }
  return { compiled, refused, problems };
}

async function bytecodeOf({ name, parsed }: ApplicationSource): Promise<Uint8Array | null> {
  try {
    return await compileMpy(name, portableText(parsed.text));
  } catch (error) {
    if (error instanceof HeapscopeError && error.code === "python-not-compiled") return null;
    throw error;
  }
}

/** What the interpreter says against it; null: it takes it. */
async function refusal(
  { name, path, parsed }: ApplicationSource,
  { lab, firmware }: { readonly lab: Laboratory; readonly firmware: Firmware },
): Promise<Problem | null> {
  const code = `compile(open(${JSON.stringify(path)}).read(), "it", "exec")`;
  const outcome = await lab.perform({
    firmware,
    heapBytes: null,
    files: { [path]: parsed.text },
    steps: [{ kind: "run", code }],
  });
  if (outcome.kind === "done") return null;
  if (outcome.kind !== "raised")
    return {
      file: name,
      line: null,
      text: "MicroPython's compiler does not come to an end with it; nothing of this file is measured.",
    };
  const told = /File "it", line (\d+)/.exec(outcome.traceback)?.[1];
  const line = told === undefined ? (parsed.syntaxErrors[0]?.line ?? null) : Number(told);
  const text = line === null ? "" : (parsed.lines[line - 1] ?? "").trim();
  const shown = text === "" ? "" : `, in "${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
  const complaint = outcome.traceback.trimEnd().split("\n").at(-1) ?? outcome.exception;
  return {
    file: name,
    line,
    text: `MicroPython ${firmware} refuses it: ${complaint}${shown}. ${meantFor(text)} Nothing of this file is measured.`,
  };
}

/** Syntax of other Pythons that is often met. */
function meantFor(line: string): string {
  if (/^(print\s+[^\s(=]|exec\s+["'\w]|raise\s+\w+\s*,|except\s+[\w.]+\s*,\s*\w+\s*:)/.test(line))
    return "That is Python 2; MicroPython is Python 3.";
  if (/^(match\s.+:|case\s.+:)$/.test(line))
    return "MicroPython has no match statement, which is desktop Python's since 3.10.";
  if (/^(type\s+\w+\s*=|except\s*\*)/.test(line))
    return "That is desktop Python's, and newer than MicroPython's.";
  return "Mend it, or check that it is meant for MicroPython.";
}
