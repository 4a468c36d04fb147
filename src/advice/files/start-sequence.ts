import { importsOf } from "../../python/imports.ts";
import type { ParsedModule, SyntaxNode } from "../../python/parsed-module.ts";
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
  /**
   * The imports may change places: each has a statement of its own, none comes twice or takes all names, and between the first and the
   * last of them nothing but imports and collections is done, which might need one of them.
   */
  readonly isMovable: boolean;
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
  const statements = statementsOf(parsed.tree.topNode);
  const steps = statements.flatMap((statement): readonly StartStep[] => {
    if (statement.name === "ImportStatement")
      return imports
        .filter(({ from }) => from === statement.from)
        .map(({ module }) => ({ kind: "import", module }));
    return isCollection(parsed, statement) ? [{ kind: "collect" }] : [];
  });
  return { main, steps, imports, isMovable: areMovable(parsed, imports, statements) };
}

function isCollection(parsed: ParsedModule, statement: SyntaxNode): boolean {
  const [call] = childrenOf(statement);
  return (
    statement.name === "ExpressionStatement" &&
    call?.name === "CallExpression" &&
    calledName(parsed, call) === "collect" &&
    textOf(parsed, call).startsWith("gc.")
  );
}

function areMovable(
  parsed: ParsedModule,
  imports: readonly StartImport[],
  statements: readonly SyntaxNode[],
): boolean {
  const [first, last] = [imports[0]?.from ?? 0, imports.at(-1)?.from ?? 0];
  const isAlone =
    new Set(imports.map(({ from }) => from)).size === imports.length &&
    new Set(imports.map(({ module }) => module)).size === imports.length;
  const between = statements.filter(({ from }) => from >= first && from <= last);
  const takesAll = importsOf(parsed).some(
    ({ names, from }) => names.kind === "star" && from >= first && from <= last,
  );
  return (
    isAlone &&
    !takesAll &&
    between.every((statement) => statement.name === "ImportStatement" || isCollection(parsed, statement))
  );
}
