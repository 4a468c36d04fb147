const begin = "Traceback (most recent call last):";
/** `MemoryError: memory allocation failed, …`, `KeyError: 3`, `app.Failed`. */
const lastLine = /^[A-Za-z_][\w.]*(?:: ?.*)?$/;
/** Ctrl-C, which heapscope or a person at the console sent. */
const stopped = /^KeyboardInterrupt\b/;

/** Finds errors in what a board prints: the last line of each traceback. */
export class TracebackFinder {
  #isOpen = false;

  /** The next line of the console; returns the error that it ends a traceback with, such as `ValueError: dead`, else null. */
  take(line: string): string | null {
    const text = line.trimEnd();
    if (text.endsWith(begin)) {
      this.#isOpen = true;
      return null;
    }
    if (!this.#isOpen || text.startsWith("  ")) return null;
    this.#isOpen = false;
    return lastLine.test(text) && !stopped.test(text) ? text : null;
  }
}
