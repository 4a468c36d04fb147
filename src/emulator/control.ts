import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { BoardFileSources } from "./board-files.ts";
import type { RawPaste } from "./console.ts";
import type { FaultPlan } from "./faults.ts";

/** What the board process is started with (its one argument, as JSON). */
export interface BoardSetup extends BoardFileSources {
  /** The file that `loadMicroPython` is imported from. */
  readonly interpreter: string;
  readonly heapBytes: number;
  /** Hex digits. */
  readonly uniqueId: string;
  readonly faults: FaultPlan;
  readonly seed: number;
  readonly rawPaste: RawPaste;
}

/** From the daemon to the board. */
export type BoardCommand =
  | { readonly kind: "set-faults"; readonly plan: FaultPlan }
  | { readonly kind: "set-raw-paste"; readonly rawPaste: RawPaste }
  | { readonly kind: "unplug" }
  | { readonly kind: "replug" }
  | { readonly kind: "reset" };

export type NumberedCommand = BoardCommand & { readonly id: number };

/** From the board to the daemon. `done` follows whatever else the command caused. */
export type BoardNews =
  | { readonly kind: "plugged"; readonly path: string }
  | { readonly kind: "unplugged" }
  | { readonly kind: "done"; readonly id: number };

/**
 * The channel is a socket on this descriptor, JSON lines both ways. Not Node's IPC: that is served by the event
 * loop alone, which stands still for as long as a program runs on the board; this is also read in between.
 */
export const controlFd = 3;

export interface ControlChannel {
  send(news: BoardNews): void;
  /** Takes what has arrived, now. For moments when the event loop does not run. */
  readNow(): void;
}

/** The board's end. `gone` is called when the daemon is no more. */
export function openControl(onCommand: (command: NumberedCommand) => void, gone: () => void): ControlChannel {
  const socket = new Socket({ fd: controlFd, readable: true, writable: true });
  const receive = lineSplitter((line) => onCommand(JSON.parse(line) as NumberedCommand));
  const chunk = Buffer.alloc(65_536);
  socket.on("data", receive);
  socket.on("end", gone);
  socket.on("error", gone);
  return {
    send(news) {
      try {
        writeSync(controlFd, `${JSON.stringify(news)}\n`);
      } catch {
        gone();
      }
    },
    readNow() {
      try {
        const length = readSync(controlFd, chunk);
        if (length === 0) gone();
        receive(chunk.subarray(0, length));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) gone();
      }
    },
  };
}

/** Calls `onLine` for each whole line of the chunks it is given. Both ends of the channel are ours. */
export function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}
