/** What the raw REPL machine asks its driver to do, in order. */
export type Effect =
  | { readonly kind: "write"; readonly bytes: Uint8Array }
  /** Start `timer` anew, whether it was running or not. When it ends, call `timerFired(timer)`. */
  | { readonly kind: "start-timer"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly kind: "stop-timer"; readonly timer: TimerName }
  /** Bytes that belong to no answer: boot messages, output of timers and threads, the friendly prompt. */
  | { readonly kind: "unsolicited"; readonly bytes: Uint8Array }
  /** At the raw prompt. Unasked where an earlier `enter()` that had failed is answered late. */
  | { readonly kind: "entered"; readonly prompt: Prompt }
  | { readonly kind: "answered"; readonly answer: Answer }
  /** `prompt`: the one that was seen, null where none came in time. */
  | { readonly kind: "left"; readonly prompt: Prompt | null }
  /** The board restarted at a raw prompt, or said so while nothing was asked. */
  | { readonly kind: "restarted" }
  /** While nothing was asked, the friendly prompt was shown: whatever ran has ended. */
  | { readonly kind: "prompt-seen" }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * - `silence`: nothing arrived for so long. Started anew by every chunk.
 * - `deadline`: the whole request took so long. Never extended.
 * - `pace`: time for the next write: of a program in plain mode, or after an interrupt.
 */
export type TimerName = "silence" | "deadline" | "pace";

/**
 * Who keeps the prompt. `aiorepl`: a task of the application; while it is in raw mode the application stands still, so
 * leave after each answer.
 */
export type Prompt = "repl" | "aiorepl";

/** How to get to the raw prompt: ask and wait, or stop what runs first. */
export type Approach = "gentle" | "interrupt";

/** What to do at the friendly prompt before leaving the board alone. */
export interface Parting {
  readonly type: Uint8Array;
  /** What the board prints in answer. */
  readonly sign: string;
}

export interface Answer {
  readonly stdout: Uint8Array;
  /** Empty when the program ended without an exception. */
  readonly traceback: Uint8Array;
  readonly via: "raw-paste" | "plain";
}

/** Why a request ended without an answer. `state` is where the machine stood. */
export type Failure =
  | {
      readonly kind: "silent";
      readonly state: StateName;
      readonly waitedMs: number;
      readonly saw: Uint8Array;
    }
  | { readonly kind: "late"; readonly state: StateName; readonly waitedMs: number; readonly saw: Uint8Array }
  | { readonly kind: "too-long"; readonly state: StateName; readonly limitBytes: number }
  /** The output holds a boot banner: the board restarted while it answered. */
  | { readonly kind: "restarted"; readonly state: StateName; readonly saw: Uint8Array };

export type StateName =
  | "idle"
  | "interrupting"
  | "entering"
  | "ready"
  | BusyStateName
  | "leaving"
  | "parting"
  | "lost";

/** The states between `run()` and its answer. */
export type BusyStateName =
  | "offering"
  | "window"
  | "pasting"
  | "paste-ending"
  | "plain"
  | "awaiting-ok"
  | "stdout"
  | "traceback"
  | "prompt";

export interface Deadlines {
  /** Longest pause between two bytes, ms. */
  readonly silenceMs: number;
  /** Longest time for the whole request, ms. */
  readonly deadlineMs: number;
}

export interface RawReplLimits {
  /** stdout and traceback of one answer together. */
  readonly maxAnswerBytes: number;
  /** Plain mode: bytes per piece and the pause between two, for boards that cannot stop the sender. */
  readonly pieceBytes: number;
  readonly piecePauseMs: number;
}

/**
 * 32 bytes and 10 ms are what the micro:bit's own tool sends (execute() in microfs.py of ntoll/microfs). Plain mode is
 * for old firmware, where a UART is read into a small ring: with mpremote's 256 bytes the micro:bit loses some of a
 * program of 160 bytes whenever it is slow to read (4 of 150 in QEMU; 1 of 150 with 64, none with 48). 4 MiB holds the
 * map of a heap of 50 MB.
 */
export const defaultRawReplLimits: RawReplLimits = {
  maxAnswerBytes: 4 * 1024 * 1024,
  pieceBytes: 32,
  piecePauseMs: 10,
};
