/**
 * What heapscope runs on a board. Each is one expression or statement: no name is bound in the application's globals,
 * nothing stays allocated, and the text is short because a board without raw-paste keeps a copy of it.
 */

/**
 * A basic reading: stack, totals, largest free run. Twice, because nothing in one of them would tell a digit that was
 * lost on the way (heap/confirm).
 */
export const READ = "(lambda m:(m(),m()))(__import__('micropython').mem_info)";
/** The same with the map of every block the second time. A map proves its counts of blocks, not the stack. */
export const READ_MAP = "(lambda m:(m(),m(1)))(__import__('micropython').mem_info)";
/** Where mem_info is missing (SAMD21, cc3200, CircuitPython, minimal builds): `used free`. */
export const READ_TOTALS = "print((lambda g:'%d %d'%(g.mem_alloc(),g.mem_free()))(__import__('gc')))";

/** Line 1 `sys.platform`, line 2 `sys.version`, line 3 `sys.implementation`, line 4 whether aiorepl was imported. */
export const IDENTIFY =
  "(lambda s:print(s.platform,s.version,s.implementation,'aiorepl'in getattr(s,'modules',()),sep='\\n'))(__import__('sys'))";
/** Hex digits; an empty line where there is no machine module or no unique_id. */
export const UNIQUE_ID =
  "try:print(''.join(['%02x'%b for b in __import__('machine').unique_id()]))\nexcept(ImportError,AttributeError):print()";
export const HAS_MEM_INFO = "print(hasattr(__import__('micropython'),'mem_info'))";

/** `gc.collect()` between two looks at the microsecond clock; prints the microseconds. */
export function collectTimed(timeModule: "time" | "utime"): string {
  return `print((lambda t,g:(lambda a:(g.collect(),t.ticks_diff(t.ticks_us(),a))[1])(t.ticks_us()))(__import__('${timeModule}'),__import__('gc')))`;
}
/** Where there is no microsecond clock. */
export const COLLECT_UNTIMED = "__import__('gc').collect()";
/** The emulated board's own measurement, see `quirks.ts`. */
export const LAST_COLLECTION_US = "print(__import__('machine').last_collection_us())";

/**
 * The asyncio module whose loop has tasks left, `asyncio` or `uasyncio` (before v1.21); an empty line where there is
 * none. A loop that was left by Ctrl-C keeps its tasks in these two queues (extmod/asyncio/core.py).
 */
export const FIND_ASYNCIO_LOOP =
  "print((lambda m:([n for n in('asyncio','uasyncio')if n in m and hasattr(m[n],'core')and(m[n].core._task_queue.peek()or m[n].core._io_queue.map)]+[''])[0])(__import__('sys').modules))";

/** Typed at the friendly prompt: continues the loop of that module. Holds the prompt until the loop ends. */
export function resumeLine(module: string): string {
  return `__import__('${module}').get_event_loop().run_forever()`;
}
