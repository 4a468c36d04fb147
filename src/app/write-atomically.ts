import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { heapscopeError } from "../shared/errors.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface FileRights {
  /** Such as 0o600, whatever the umask. Default: as the system makes files. */
  readonly mode?: number;
  /** Null: who runs this. */
  readonly owner?: Owner | null;
}

/** Puts `text` in place of what `file` holds, whole or not at all. Throws what the system says. */
export function replaceFile(file: string, text: string, { mode, owner = null }: FileRights = {}): void {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  const descriptor = openSync(temporary, "wx", mode);
  try {
    try {
      // umask can only have taken more away; a mode is said, not hoped for.
      if (mode !== undefined) fchmodSync(descriptor, mode);
      writeFileSync(descriptor, text);
      if (owner !== null) fchownSync(descriptor, owner.uid, owner.gid);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same for a file that a command was told to write. Throws `file-unwritable`. */
export function writeAtomically(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw heapscopeError("file-unwritable", { file, reason: (error as Error).message });
  }
}
