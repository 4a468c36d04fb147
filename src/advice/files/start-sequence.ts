import { importsOf } from "../../python/imports.ts";
import { calledName, childrenOf, statementsOf, textOf } from "../../python/tree.ts";
import type { Application, ApplicationModule, ApplicationSource } from "./application.ts";
import type { StartStep } from "./trial.ts";

/** An import of the application's own module by main.py. */
export interface StartImport {
  readonly module: ApplicationModule;
  /** Of the statement, in main.py's text. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** What main.py does at its top level before anything else: imports of the application's modules, and collections. */
export interface StartSequence {
  readonly main: ApplicationSource;
  readonly steps: readonly StartStep[];
  readonly imports: readonly StartImport[];
}

/** Null without a main.py that imports modules of the application. */
export function startSequence({ main, modules }: Application): StartSequence | null {
  if (main === null || main.parsed.syntaxErrors.length > 0) return null;
  const { parsed } = main;
  const own = new Map(modules.map((module) => [module.module, module]));
  const imports = importsOf(parsed).flatMap(
    ({ module, level, place, line, from, to }): readonly StartImport[] => {
      const found = level === 0 && place === "top-level" ? own.get(module) : undefined;
      return found === undefined ? [] : [{ module: found, line, from, to }];
    },
  );
  if (imports.length === 0) return null;
  const steps = statementsOf(parsed.tree.topNode).flatMap((statement): readonly StartStep[] => {
    if (statement.name === "ImportStatement")
      return imports
        .filter(({ from }) => from === statement.from)
        .map(({ module }) => ({ kind: "import", module: module.module }));
    const [call] = childrenOf(statement);
    const collects =
      statement.name === "ExpressionStatement" &&
      call?.name === "CallExpression" &&
      calledName(parsed, call) === "collect" &&
      textOf(parsed, call).startsWith("gc.");
    return collects ? [{ kind: "collect" }] : [];
  });
  return { main, steps, imports };
}
