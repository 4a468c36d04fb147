/**
 * What heapscope runs on a board to learn which modules it has loaded. As the probes (programs.ts), no name is bound and nothing is
 * changed.
 */

/**
 * Line 1 how many modules there are, `-` where the firmware keeps no list of them (micro:bit); then each one's name and, where it
 * has one, `__file__`.
 */
export const LOADED_MODULES =
  "(lambda m:print('-')if m is None else(print(len(m)),[print(n,getattr(o,'__file__',''))for n,o in m.items()]))(getattr(__import__('sys'),'modules',None))";

/** For each path a line: the file's size in bytes, `-` where there is no such file, `?` where this firmware cannot tell. */
export function fileSizes(paths: readonly string[]): string {
  return paths
    .map(
      (path) =>
        `try:print(__import__('os').stat('${path}')[6])\nexcept OSError:print('-')\nexcept(ImportError,AttributeError):print('?')\n`,
    )
    .join("");
}
