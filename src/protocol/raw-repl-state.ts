import { ByteSeeker } from "./byte-seeker.ts";
import type { ProgramRun } from "./program-run.ts";
import { BOOT_SIGNS, IDLE_SIGNS, type RAW_PROMPTS } from "./raw-repl-bytes.ts";
import type { Deadlines, Parting, Prompt } from "./raw-repl-effects.ts";

/** The request that is under way. */
export interface Request {
  readonly deadlines: Deadlines;
  /** The last bytes seen during this request. */
  readonly excerpt: Uint8Array;
}

export type RawPrompt = keyof typeof RAW_PROMPTS;

/** Hears prompts and restarts while nothing is asked. */
export type Listener = ByteSeeker<keyof typeof IDLE_SIGNS>;

export type State =
  | { readonly name: "idle"; readonly listener: Listener; readonly boardReadsProgram: boolean }
  /** Ctrl-C was sent; raw mode is asked for in a moment. */
  | { readonly name: "interrupting"; readonly interruptsLeft: number }
  | {
      readonly name: "entering";
      readonly seeker: ByteSeeker<RawPrompt | "pasteLine">;
      /** The board may be reading our program: that is ended when it stays silent. */
      readonly endProgram: boolean;
      /** Somebody's paste mode was seen and ended. */
      readonly endedPaste: boolean;
      readonly askedAgain: boolean;
      readonly interruptsLeft: number;
    }
  | { readonly name: "ready"; readonly bootSeeker: ByteSeeker<keyof typeof BOOT_SIGNS> }
  | { readonly name: "running"; readonly run: ProgramRun }
  | {
      readonly name: "leaving";
      readonly seeker: ByteSeeker<Prompt | "custom">;
      readonly parting: Parting | null;
    }
  | { readonly name: "parting"; readonly seeker: ByteSeeker<"sign">; readonly prompt: Prompt | null }
  | { readonly name: "lost"; readonly listener: Listener; readonly boardReadsProgram: boolean };

/** `boardReadsProgram`: whether the board may be reading somebody else's by raw-paste. */
export function idle({ boardReadsProgram } = { boardReadsProgram: false }): State {
  return { name: "idle", listener: new ByteSeeker(IDLE_SIGNS), boardReadsProgram };
}

export function ready(): State {
  return { name: "ready", bootSeeker: new ByteSeeker(BOOT_SIGNS) };
}

/** `boardReadsProgram`: whether the board may still be reading one by raw-paste. */
export function lost(boardReadsProgram: boolean): State {
  return { name: "lost", listener: new ByteSeeker(IDLE_SIGNS), boardReadsProgram };
}

/** What a state that is left held back of the stream; it will see no more of it. */
export function heldBy(state: State): Uint8Array {
  switch (state.name) {
    case "idle":
    case "lost":
      return state.listener.release();
    case "entering":
    case "leaving":
    case "parting":
      return state.seeker.release();
    default:
      return new Uint8Array(0);
  }
}
