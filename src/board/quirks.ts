/** What a family of boards does differently. Found by `sys.platform`; add a row to teach heapscope another one. */
export interface BoardQuirks {
  /**
   * `gc.collect()` only notes the wish; the collection itself runs when the program has ended, and the board tells
   * afterwards how long it took. Source: gc_collect_top_level() in ports/webassembly/main.c of MicroPython.
   */
  readonly collectsAfterProgram: boolean;
}

const none: BoardQuirks = { collectsAfterProgram: false };

const byPlatform: Readonly<Record<string, BoardQuirks>> = {
  webassembly: { collectsAfterProgram: true },
};

/** The quirks of a board whose `sys.platform` is `platform`. */
export function quirksOf(platform: string): BoardQuirks {
  return byPlatform[platform] ?? none;
}
