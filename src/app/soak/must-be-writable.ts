import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { heapscopeError } from "../../shared/errors.ts";

/** Whether `option`'s file can be written when the run is over, as far as that shows before. Throws `usage`. */
export function mustBeWritable(file: string, option: string): void {
  const folder = dirname(file);
  const refuse = (why: string) =>
    heapscopeError("usage", { detail: `${option} ${file} cannot be written: ${why}.` });
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw refuse(`there is no folder ${folder}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw refuse("it is a folder");
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw refuse(`no file can be made in ${folder}`);
  }
}
