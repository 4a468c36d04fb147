import type { BoardFile, BoardFiles } from "./board-files.ts";

/** What a board's file system begins with. The host's files stay the host's until the board changes them. */
export interface Storage {
  /** As new: the host's files. */
  readonly asNew: () => BoardFiles;
  /**
   * After a soft reset, from what the file system held before it: what the board wrote or removed stays so, and of the rest
   * the host's files are read again, so that an edited main.py runs.
   */
  readonly after: (before: BoardFiles) => BoardFiles;
}

/** `readHost` gives the host's files as they are now. */
export function createStorage(readHost: () => BoardFiles): Storage {
  let supplied = new Map<string, BoardFile>();

  const asNew = (): BoardFiles => {
    const host = readHost();
    supplied = byPath(host.files);
    return host;
  };

  return {
    asNew,
    after({ files, folders }) {
      const before = byPath(files);
      const was = supplied;
      const written = files.filter(({ path, bytes }) => !isSame(was.get(path)?.bytes, bytes));
      const isWritten = new Set(written.map(({ path }) => path));
      const host = asNew();
      const unchanged = host.files.filter(
        ({ path }) => !isWritten.has(path) && (before.has(path) || !was.has(path)),
      );
      return { files: [...unchanged, ...written], folders };
    },
  };
}

const byPath = (files: readonly BoardFile[]): Map<string, BoardFile> =>
  new Map(files.map((file) => [file.path, file]));

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
