import { type BoardFiles, readBoardFiles } from "./board-files.ts";
import { type BoardPort, openBoardPort } from "./board-port.ts";
import { runBootFiles } from "./boot-files.ts";
import { createConsole } from "./console.ts";
import { type BoardNews, type BoardSetup, type ControlChannel, controlFd } from "./control.ts";
import type { FaultPlan } from "./faults.ts";
import { power } from "./host-hooks.ts";
import { createInputQueue } from "./input-queue.ts";
import { type Interpreter, startInterpreter } from "./interpreter.ts";
import type { LoadMicroPython } from "./micropython.ts";
import { createOutputLine } from "./output-line.ts";
import { PowerCut, untilPowerCut } from "./power-cut.ts";
import { createStorage } from "./storage.ts";
import { createWatchdog } from "./watchdog.ts";

/** The whole board: port, console, interpreter, and what power does to them. */
export interface Board {
  plug(): void;
  unplug(): void;
  /** As the reset button: the pseudo-terminal stays, everything else begins anew. */
  reset(): void;
  setFaults(plan: FaultPlan): void;
  readonly console: Pick<ReturnType<typeof createConsole>, "setRawPaste">;
}

const pollEveryMs = 1;
/**
 * How often a program that only looks at the clock is an occasion to take input. Rarely, for an asyncio application
 * does so in each task's step, where a Ctrl-C ends the task; on a board nearly all of them meet it waiting.
 */
const pollAtClockEveryMs = 20;

export function createBoard(
  setup: BoardSetup,
  load: LoadMicroPython,
  news: (news: BoardNews) => void,
  control: () => ControlChannel,
): Board {
  const input = createInputQueue();
  const storage = createStorage(() => readBoardFiles(setup));
  const watchdog = createWatchdog(() => cutNow("reset"));
  const uniqueId = Uint8Array.from(Buffer.from(setup.uniqueId, "hex"));
  let port: BoardPort | undefined;
  let interpreter: Interpreter | undefined;
  let draining = false;
  let powerUps = Promise.resolve(); // one interpreter is loaded at a time: the loader keeps it in globals
  let cut: "unplug" | "reset" | undefined;
  let lastPollMs = 0;

  const isBusy = (): boolean => draining || interpreter?.isRunning() === true;

  const line = createOutputLine({
    write: (bytes) => port?.write(bytes, controlFd, lookAround),
    unplug: () => cutNow("unplug"),
    reset: () => cutNow("reset"),
  });

  const console = createConsole({
    feed: (byte) => {
      const resetAsked = interpreter?.feed(byte) ?? false;
      if (cut !== undefined) throw new PowerCut();
      return resetAsked;
    },
    send: (bytes) => line.send(bytes),
    tail: () => line.tail(),
    skip: (count) => line.skip(count),
    settled: () => {
      line.flush();
      line.settled();
    },
    softReset: (raw) => {
      line.send(Buffer.from("MPY: soft reboot\r\n"));
      powerUp(raw, interpreter?.files());
    },
  });

  const takeInput = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    for (const byte of line.hostWrote(bytes)) {
      if (interpreter?.interruptsOn(byte) === true) interpreter.interrupt();
      else input.push(byte);
    }
  };

  /** Takes what waits at port and control channel without the event loop. */
  const lookAround = (): void => {
    const ready = port?.poll(controlFd, 0);
    if (ready?.firstReadable === true && port !== undefined) takeInput(port.read());
    if (ready?.secondReadable === true) control().readNow();
  };

  /** Called from within running Python. */
  const whileRunning = (atMostEveryMs: number): void => {
    if (performance.now() - lastPollMs < atMostEveryMs) return;
    lookAround();
    lastPollMs = performance.now();
    line.pump();
    watchdog.pump();
    if (cut !== undefined) throw new PowerCut();
  };

  /** Python waits for input, or for time to pass. */
  const whileWaiting = (): void => {
    line.flush();
    port?.poll(controlFd, pollEveryMs);
    whileRunning(0);
  };

  /** A program that reads input may have a prompt of its own, as aiorepl's; told by the ">" most of them end in. */
  const settleAtPrompt = (): void => {
    if (!line.tail().trimEnd().endsWith(">")) return;
    line.flush();
    line.settled();
  };

  const cutNow = (how: "unplug" | "reset"): void => {
    if (cut !== "unplug") cut = how;
    if (how === "unplug" && port !== undefined) {
      port.close();
      port = undefined;
      news({ kind: "unplugged" });
    }
    if (isBusy()) throw new PowerCut();
    afterCut();
  };

  /** The interpreter has been left, one way or the other. */
  const afterCut = (): void => {
    const how = cut;
    cut = undefined;
    powerDown();
    if (how === "reset") powerUp(false);
  };

  const powerDown = (): void => {
    line.clear();
    interpreter = undefined;
    input.clear();
    watchdog.powerOff();
    power(undefined);
  };

  const drain = (): void => {
    if (isBusy()) return;
    asDraining(() => {
      while (interpreter !== undefined) {
        const byte = input.take();
        if (byte === undefined) break;
        console.receive(byte);
      }
      line.flush();
    });
  };

  const asDraining = (run: () => void): void => {
    draining = true;
    try {
      untilPowerCut(run);
    } finally {
      draining = false;
    }
    if (cut !== undefined) afterCut();
  };

  /** `before`: what the file system held at a soft reset. Otherwise the board is as new. */
  const powerUp = (raw: boolean, before?: BoardFiles): void => {
    interpreter = undefined;
    const at = port;
    powerUps = powerUps.then(async () => {
      if (port === undefined || port !== at) return; // unplugged meanwhile
      const started = await startInterpreter(load, {
        heapBytes: setup.heapBytes,
        files: before === undefined ? storage.asNew() : storage.after(before),
        printed: (byte) => {
          if (cut !== undefined) throw new PowerCut();
          // Before, not after: what the host answers to the byte must meet the program that printed it.
          whileRunning(pollEveryMs);
          line.printed(byte);
        },
        clockAsked: (spinning) => (spinning ? whileWaiting() : whileRunning(pollAtClockEveryMs)),
        callbackDone: () => {
          if (cut !== undefined) return afterCut();
          line.flush();
          drain();
        },
        machine: {
          uniqueId,
          watchdog,
          resetAsked: () => {
            line.flush();
            cut = "reset";
          },
        },
        takeInput: () => input.take(),
        inputWaits() {
          whileRunning(pollEveryMs);
          if (input.length > 0) return true;
          settleAtPrompt();
          return false;
        },
        awaitInput() {
          settleAtPrompt();
          whileWaiting();
        },
      });
      if (port !== at) return power(undefined);
      interpreter = started;
      boot(started, raw);
    });
  };

  const boot = (started: Interpreter, raw: boolean): void => {
    asDraining(() => {
      runBootFiles(started, raw, (traceback) => {
        for (const byte of Buffer.from(traceback)) line.printed(byte);
        if (cut !== undefined) throw new PowerCut();
      });
      started.startRepl(raw);
      console.started(raw);
    });
    drain();
  };

  return {
    plug() {
      if (port !== undefined) return;
      port = openBoardPort((bytes) => {
        untilPowerCut(() => takeInput(bytes));
        drain();
      });
      news({ kind: "plugged", path: port.path });
      powerUp(false);
    },
    // Asked for over the control channel, which may be read in the middle of running Python: what runs there meets the
    // cut in whileRunning.
    unplug: () => untilPowerCut(() => cutNow("unplug")),
    reset: () => untilPowerCut(() => cutNow("reset")),
    setFaults: (plan) => line.setFaults(plan, setup.seed),
    console,
  };
}
