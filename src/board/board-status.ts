import type { Reading } from "../heap/reading.ts";

/**
 * What a board is doing, as the API and the feed show it.
 *
 * - `connecting`: the port is being opened or the prompt looked for
 * - `ready`: answers, and is read on its interval
 * - `aiorepl`: answers through the application's own aiorepl, and is read on its interval
 * - `helper`: its application reports by itself; nothing is written to it
 * - `busy`: a program holds the prompt; heapscope waits (whenBusy: skip, or a watchdog is suspected)
 * - `unresponsive`: the port is open but nothing comes back, or answers keep failing
 * - `foreign`: something answers that is not MicroPython; it is left alone
 * - `rebooting`: it restarts again and again, whatever it is otherwise
 * - `console`: its console is open through heapscope; readings pause
 * - `released`: the port is closed so that another program can use it, until it is attached again
 * - `disconnected`: the port is gone or cannot be opened; retried with back-off
 */
export type BoardStateKind =
  | "connecting"
  | "ready"
  | "aiorepl"
  | "helper"
  | "busy"
  | "unresponsive"
  | "foreign"
  | "rebooting"
  | "console"
  | "released"
  | "disconnected";

export interface BoardState {
  readonly kind: BoardStateKind;
  /** UTC, ISO 8601: since when. */
  readonly since: string;
  /** One sentence for people: what it means and what to do. */
  readonly message: string;
}

/** What the board said of itself when it was first asked. */
export interface BoardFacts {
  /** `sys.platform`, such as `rp2`. */
  readonly platform: string;
  /** Such as `MicroPython v1.27.0 on 2025-12-10`. */
  readonly firmware: string;
  /** `sys.implementation._machine`, null before v1.20 or so. */
  readonly machine: string | null;
  /** Hex digits of `machine.unique_id()`, null where there is none. */
  readonly uniqueId: string | null;
  /** False: readings come from gc.mem_alloc()/gc.mem_free() and know totals only. */
  readonly hasMemInfo: boolean;
}

export interface BoardCounts {
  readonly readings: number;
  readonly maps: number;
  readonly collections: number;
  readonly missed: number;
  /** Readings that fell due while another exchange was running. Part of `missed`. */
  readonly overlapped: number;
  /** Answers that did not add up, were thrown away and asked for again. */
  readonly discarded: number;
  /** How often the board restarted without being asked to, as far as that shows on its port. */
  readonly restarts: number;
}

export interface BoardSnapshot {
  readonly id: string;
  /** The configured name, else the id. */
  readonly name: string;
  /** The URL it is opened by, such as `serial:/dev/ttyACM0`. */
  readonly port: string;
  /** True for the bundled emulated board. */
  readonly emulated: boolean;
  readonly state: BoardState;
  readonly facts: BoardFacts | null;
  readonly counts: BoardCounts;
  /** Bytes of garbage that one basic reading leaves on the board, measured when it was first asked; null = unknown. */
  readonly probeGarbageBytes: number | null;
  /** A basic reading is due so often, ms, while the board is read at all or its helper reports. Null = unknown: stored by an older heapscope. */
  readonly readIntervalMs: number | null;
  readonly lastReading: Reading | null;
}
