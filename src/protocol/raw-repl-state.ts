import type { ByteCollector } from "../shared/byte-collector.ts";
import type { ByteSeeker } from "./byte-seeker.ts";
import type { Deadlines } from "./raw-repl-effects.ts";

/** The request that is under way. */
export interface Request {
  readonly deadlines: Deadlines;
  /** The last bytes seen during this request. */
  readonly excerpt: Uint8Array;
}

export interface Run {
  readonly program: Uint8Array;
  readonly via: "raw-paste" | "plain";
}

export type RawPrompt = "raw" | "rawAio";

export type State =
  | { readonly name: "idle" }
  | { readonly name: "ready"; readonly bootSeeker: ByteSeeker<"soft" | "hard"> }
  | { readonly name: "lost"; readonly boardReadsProgram: boolean }
  | { readonly name: "entering"; readonly seeker: ByteSeeker<RawPrompt>; readonly endProgram: boolean }
  | {
      readonly name: "offering";
      readonly run: Run;
      readonly seeker: ByteSeeker<"accepted" | "refused" | "old" | "pasteMode">;
    }
  | { readonly name: "window"; readonly run: Run; readonly lowByte: number | null }
  | {
      readonly name: "pasting";
      readonly run: Run;
      readonly windowBytes: number;
      readonly creditBytes: number;
      readonly sentBytes: number;
    }
  | { readonly name: "paste-ending"; readonly run: Run }
  | { readonly name: "plain"; readonly run: Run; readonly sentBytes: number }
  | { readonly name: "awaiting-ok"; readonly run: Run; readonly seeker: ByteSeeker<"ok"> }
  | {
      readonly name: "stdout" | "traceback" | "prompt";
      readonly run: Run;
      readonly stdout: ByteCollector;
      readonly traceback: ByteCollector;
    }
  | { readonly name: "leaving"; readonly seeker: ByteSeeker<"friendly"> }
  | { readonly name: "restarting"; readonly seeker: ByteSeeker<RawPrompt | "friendly"> };

/** Whether the board may be reading a program by raw-paste in this state. */
export function readsProgram(name: State["name"]): boolean {
  return name === "offering" || name === "window" || name === "pasting" || name === "paste-ending";
}
