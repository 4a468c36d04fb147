import type { BoardSnapshot } from "../board/board-status.ts";
import type { ConsolePage, ConsoleQuery } from "../board/console-log.ts";
import type { Collection, Reading } from "../heap/reading.ts";
import type { ModulesSeen } from "../shared/module-facts.ts";

/** The boards that heapscope knows now. The registry implements it. */
export interface BoardDirectory {
  /** Every board, in a stable order. */
  list(): readonly BoardSnapshot[];
  find(idOrName: string): BoardControl | undefined;
}

/** What the API may ask of one board. Promises reject with a HeapscopeError. */
export interface BoardControl {
  snapshot(): BoardSnapshot;
  /** What it printed beside its answers. */
  consoleLog(query: ConsoleQuery): ConsolePage;
  /** Takes a reading now; it is stored and published before the promise resolves. */
  read(options: { readonly map: boolean }): Promise<Reading>;
  /** A reading, gc.collect(), a reading; all stored and published before the promise resolves. */
  collect(): Promise<Collection>;
  /** Asks which modules it has loaded; nothing is changed on it. */
  listModules(): Promise<ModulesSeen>;
  /** As `listModules` last had them; null: nobody has asked. */
  modulesSeen(): ModulesSeen | null;
  /** Closes the port for other programs, for so long or until `attach()` (null). Resolves when it is closed. */
  release(forMs: number | null): Promise<void>;
  /** Takes a released port back. */
  attach(): void;
}
