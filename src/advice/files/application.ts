/** A file of the application, as it lies on the board. */
export interface ApplicationFile {
  /** As the user named it: relative to the folder that was given. */
  readonly name: string;
  /** Absolute, on the board: `/lib/ssd1306.py` */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What can be imported. */
export interface ApplicationModule {
  /** As `import` names it: `ssd1306`, `umqtt.simple` */
  readonly module: string;
  readonly name: string;
  readonly path: string;
  readonly source: string;
  /** Its manifest.py freezes it: it costs the board no heap for bytecode. */
  readonly isFrozen: boolean;
  /** A compiled file of the same name lies beside it; MicroPython imports the .py then. */
  readonly shadows: string | null;
}

/** An application: what is copied to a board. */
export interface Application {
  readonly files: readonly ApplicationFile[];
  /** Modules as source; main.py and boot.py, which are run and not imported, are none. */
  readonly modules: readonly ApplicationModule[];
  readonly main: ApplicationFile | null;
}

/** They are run at boot, by their names. */
const started = new Set(["/main.py", "/boot.py"]);

/** `frozenPaths`: what manifest.py freezes, relative to the folder. */
export function applicationOf(
  files: readonly ApplicationFile[],
  frozenPaths: readonly string[],
): Application {
  const paths = new Set(files.map(({ path }) => path));
  const frozen = new Set(frozenPaths.map((path) => `/${path.replace(/^\.?\//, "")}`));
  const modules = files
    .filter(({ path }) => path.endsWith(".py") && !started.has(path) && path !== "/manifest.py")
    .map(({ name, path, bytes }): ApplicationModule => {
      const compiled = path.replace(/\.py$/, ".mpy");
      return {
        module: moduleName(path),
        name,
        path,
        source: textOf(bytes),
        isFrozen: frozen.has(path),
        shadows: paths.has(compiled) ? name.replace(/\.py$/, ".mpy") : null,
      };
    });
  return { files, modules, main: files.find(({ path }) => path === "/main.py") ?? null };
}

/** `/lib/umqtt/simple.py` → `umqtt.simple`; a package is named by its folder. */
export function moduleName(path: string): string {
  return path
    .replace(/^\/(lib\/)?/, "")
    .replace(/\.m?py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
}

/** Without the mark of byte order that some editors put in front. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString()
    .replace(/^\ufeff/, "");
}
