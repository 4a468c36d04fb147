import { frozenModules, isFrozen } from "../../python/frozen.ts";
import { type ParsedModule, parseModule } from "../../python/parsed-module.ts";

/** A file of the application, as it lies on the board. */
export interface ApplicationFile {
  /** As the user named it: relative to the folder that was given. */
  readonly name: string;
  /** Absolute, on the board: `/lib/ssd1306.py` */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Python source of the application. */
export interface ApplicationSource {
  readonly name: string;
  readonly path: string;
  readonly parsed: ParsedModule;
}

/** Source that is imported. */
export interface ApplicationModule extends ApplicationSource {
  /** As `import` names it: `ssd1306`, `umqtt.simple` */
  readonly module: string;
  /** The application's manifest.py freezes it: its bytecode costs the board no heap. */
  readonly isFrozen: boolean;
  /** A compiled file of the same name that lies beside it. MicroPython imports the .py then. */
  readonly shadows: string | null;
}

/** What is copied to a board. */
export interface Application {
  readonly files: readonly ApplicationFile[];
  /** All Python source, also what cannot be measured: it may use names of the rest. */
  readonly sources: readonly ApplicationSource[];
  readonly modules: readonly ApplicationModule[];
  /** It is run at boot and never imported, as boot.py. */
  readonly main: ApplicationSource | null;
  readonly boot: ApplicationSource | null;
}

const manifestPath = "/manifest.py";

/** Sorts out what the files of an application are. */
export function applicationOf(files: readonly ApplicationFile[]): Application {
  const paths = new Set(files.map(({ path }) => path));
  const manifest = files.find(({ path }) => path === manifestPath);
  const frozen = manifest === undefined ? [] : frozenModules(textOf(manifest.bytes));
  const sources = files
    .filter(({ path }) => path.endsWith(".py") && path !== manifestPath)
    .map(({ name, path, bytes }) => ({ name, path, parsed: parseModule(name, textOf(bytes)) }));
  const startedAs = (path: string) => sources.find((source) => source.path === path) ?? null;
  const [main, boot] = [startedAs("/main.py"), startedAs("/boot.py")];
  const modules = sources
    .filter((source) => source !== main && source !== boot)
    .map((source): ApplicationModule => {
      const { name, path } = source;
      return {
        ...source,
        module: moduleName(path),
        isFrozen: isFrozen(frozen, path.slice(1)),
        shadows: paths.has(compiledPath(path)) ? compiledPath(name) : null,
      };
    });
  return { files, sources, modules, main, boot };
}

/** All Python source of an application. */
export function sourcesOf({ modules, main, boot }: Application): readonly ApplicationSource[] {
  return [...(boot === null ? [] : [boot]), ...(main === null ? [] : [main]), ...modules];
}

/** `a.py` → `a.mpy` */
export const compiledPath = (path: string): string => path.replace(/\.py$/, ".mpy");

/** `/lib/umqtt/simple.py` → `umqtt.simple`; a package is named by its folder. */
export function moduleName(path: string): string {
  return path
    .replace(/^\/(lib\/)?/, "")
    .replace(/\.m?py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
