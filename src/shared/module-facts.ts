/**
 * Where a module's code came from. `source`: a `.py` file, compiled on the board when it was imported. `compiled`: a `.mpy` file.
 * `frozen`: its name of a file is that of no file on the board, so it is part of the firmware (or was removed since). `unknown`:
 * it has no `__file__` (written in C, or a firmware without it), or the board cannot say whether the file is there.
 */
export type ModuleOrigin = "source" | "compiled" | "frozen" | "unknown";

export interface LoadedModule {
  /** As in `sys.modules`. */
  readonly name: string;
  /** `__file__`; null: it has none. */
  readonly file: string | null;
  readonly origin: ModuleOrigin;
  /** Of the file; null: there is none, or its size is not known. */
  readonly sizeBytes: number | null;
}

/** What a board had loaded when it was asked. */
export interface ModulesSeen {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** By name; null: its firmware keeps no list of them. */
  readonly modules: readonly LoadedModule[] | null;
}
