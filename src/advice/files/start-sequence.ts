import { importsOf } from "../../python/imports.ts";
import { calledName, childrenOf, statementsOf, textOf } from "../../python/tree.ts";
import { type Application, type ApplicationSource, moduleName } from "./application.ts";
import type { StartStep } from "./trial.ts";

/** An import of the application's own module by main.py. */
export interface StartImport {
  readonly module: string;
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
export function startSequence({ files, main, modules }: Application): StartSequence | null {
  if (main === null || main.parsed.syntaxErrors.length > 0) return null;
  const { parsed } = main;
  const compiled = files.filter(({ path }) => path.endsWith(".mpy")).map(({ path }) => moduleName(path));
  const own = new Set([...modules.map(({ module }) => module), ...compiled]);
  const imports = importsOf(parsed).flatMap(
    ({ module, level, place, line, from, to }): readonly StartImport[] => {
      const isOwn = level === 0 && place === "top-level" && own.has(module);
      return isOwn ? [{ module, line, from, to }] : [];
    },
  );
  if (imports.length === 0) return null;
  const steps = statementsOf(parsed.tree.topNode).flatMap((statement): readonly StartStep[] => {
    if (statement.name === "ImportStatement")
      return imports
        .filter(({ from }) => from === statement.from)
        .map(({ module }) => ({ kind: "import", module }));
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
