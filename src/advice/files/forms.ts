import { type Application, type ApplicationModule, compiledPath } from "./application.ts";
import type { BoardFiles } from "./trial.ts";

/** The bytecode of each module, by its path. */
export type Compiled = ReadonlyMap<string, Uint8Array>;

/** Another form of a module: other source, or its bytecode. */
export type Form =
  | { readonly kind: "source"; readonly text: string }
  | { readonly kind: "compiled"; readonly bytes: Uint8Array };

/** The application as it is on the board. What is frozen there comes as bytecode, the nearest that can be run here. */
export function filesOf({ files, modules }: Application, compiled: Compiled): BoardFiles {
  const asFrozen = new Map(modules.filter(({ isFrozen }) => isFrozen).map((module) => [module.path, module]));
  const entries = files.flatMap(({ path, bytes }): readonly (readonly [string, Uint8Array])[] => {
    if (path === "/manifest.py") return [];
    const code = asFrozen.has(path) ? compiled.get(path) : undefined;
    return [code === undefined ? [path, bytes] : [compiledPath(path), code]];
  });
  return Object.fromEntries(entries);
}

/** `files` with one module in another form, and in no other beside it. */
export function withForm(files: BoardFiles, { path }: ApplicationModule, form: Form): BoardFiles {
  const others = Object.entries(files).filter(([name]) => name !== path && name !== compiledPath(path));
  const changed =
    form.kind === "source" ? ([path, form.text] as const) : ([compiledPath(path), form.bytes] as const);
  return Object.fromEntries([...others, changed]);
}
