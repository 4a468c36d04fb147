import { compileMpy } from "../../lab/compile-mpy.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { AdvisedChanges } from "./advise-files.ts";
import { type Application, type ApplicationSource, compiledPath, sourcesOf } from "./application.ts";
import { changedMain } from "./changed-main.ts";
import type { MainChanges } from "./imports-in-turn.ts";
import { hasMachineCode } from "./portable.ts";
import { startSequence } from "./start-sequence.ts";

/** An application with the advised changes. By name, relative to its folder. */
export interface FixedCopy {
  /** Python source that was changed; the rest is as it was. */
  readonly sources: ReadonlyMap<string, string>;
  /** Everything that goes to the board. */
  readonly board: ReadonlyMap<string, string | Uint8Array>;
}

/**
 * Follows the advice, as far as a program can: modules with machine code stay source, because only their owner knows the
 * processor. `changesOfMain`: what becomes of its imports. Throws "python-not-compiled".
 */
export async function fixedCopy(
  { application, toCompile, changedSources }: AdvisedChanges,
  changesOfMain: MainChanges,
): Promise<FixedCopy> {
  const changed = withSources(application, changedSources);
  const sequence = startSequence(changed);
  const sources = new Map<string, string>();
  for (const { name, path, parsed } of sourcesOf(changed)) {
    if (changedSources.has(path)) sources.set(name, parsed.text);
  }
  if (sequence !== null) {
    const text = changedMain(sequence, changesOfMain);
    if (text !== sequence.main.parsed.text) sources.set(sequence.main.name, text);
  }

  const board = new Map<string, string | Uint8Array>();
  const compiled = sourcesOf(changed)
    .filter(({ path, parsed }) => toCompile.has(path) && !hasMachineCode(parsed.text))
    .map(({ path }) => path);
  const replaced = new Set(compiled.map(compiledPath));
  for (const { name, path, bytes } of application.files) {
    if (replaced.has(path)) continue;
    const content = sources.get(name) ?? bytes;
    if (compiled.includes(path))
      board.set(compiledPath(name), await compileMpy(name, Buffer.from(content).toString()));
    else board.set(name, content);
  }
  return { sources, board };
}

function withSources(application: Application, texts: ReadonlyMap<string, string>): Application {
  const changed = <Source extends ApplicationSource>(source: Source): Source => {
    const text = texts.get(source.path);
    return text === undefined ? source : { ...source, parsed: parseModule(source.name, text) };
  };
  const { main, boot, modules } = application;
  return {
    ...application,
    modules: modules.map(changed),
    main: main === null ? null : changed(main),
    boot: boot === null ? null : changed(boot),
  };
}
