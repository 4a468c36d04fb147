import { withTurns } from "../../python/endless-loops.ts";
import { parseModule } from "../../python/parsed-module.ts";
import type { BoardFiles } from "./trial.ts";

/** The same board is run many times. */
const made = new WeakMap<BoardFiles, BoardFiles>();

/** The files with all source counting the turns of its endless loops, so that a run which never comes to what is counted ends. */
export function filesWithTurns(files: BoardFiles): BoardFiles {
  const before = made.get(files);
  if (before !== undefined) return before;
  const counting = Object.fromEntries(
    Object.entries(files).map(([path, content]) => {
      if (!path.endsWith(".py")) return [path, content];
      return [path, withTurns(parseModule(path, Buffer.from(content as string).toString())) ?? content];
    }),
  );
  made.set(files, counting);
  return counting;
}
