import { CTRL_A, CTRL_B, CTRL_C, CTRL_D } from "../protocol/bytes.ts";
import type { BoardFiles } from "./board-files.ts";
import { fillFileSystem, readFileSystem } from "./file-system.ts";
import { sealHeap } from "./fixed-heap.ts";
import { power } from "./host-hooks.ts";
import { addMachine, type MachineHost } from "./machine-module.ts";
import { createMachineTimers } from "./machine-timers.ts";
import type { LoadMicroPython } from "./micropython.ts";
import { PowerCut, untilPowerCut } from "./power-cut.ts";
import { connectStdin } from "./stdin.ts";

export interface InterpreterOptions {
  readonly heapBytes: number;
  readonly files: BoardFiles;
  /** A byte is printed. May throw PowerCut. */
  readonly printed: (byte: number) => void;
  /** Python asked for the time; `spinning`: in a tight loop, as in a sleep. May throw PowerCut. */
  readonly clockAsked: (spinning: boolean) => void;
  /** Python, run by a timer, has come back, or was cut short. */
  readonly callbackDone: () => void;
  readonly machine: Omit<MachineHost, "lastCollectionUs" | "timers">;
  /** Takes the next byte of the host's that nobody has taken, if there is one. */
  readonly takeInput: () => number | undefined;
  /** Whether there is such a byte, after a look at the port. May throw PowerCut. */
  readonly inputWaits: () => boolean;
  /** Waits for input, a few milliseconds. May throw PowerCut. */
  readonly awaitInput: () => void;
}

/** One powered MicroPython, from boot to power-off. */
export interface Interpreter {
  /** Gives the REPL a byte. True when it asks for a soft reset. */
  feed(byte: number): boolean;
  /** Begins the REPL: the banner (unless it is to be raw) and the prompt. */
  startRepl(raw: boolean): void;
  /** Runs a file in `__main__`, as at boot. The text of the exception that ended it, if one did. */
  runFile(name: string): string | undefined;
  hasFile(name: string): boolean;
  /** What its file system holds now. */
  files(): BoardFiles;
  /** True when `byte` is the one that interrupts what runs now (only while a program runs). */
  interruptsOn(byte: number): boolean;
  /** Whether Python runs right now. */
  isRunning(): boolean;
  /** Raises KeyboardInterrupt in what runs. */
  interrupt(): void;
}

/** PYEXEC_FORCED_EXIT, shared/runtime/pyexec.h */
const forcedExit = 0x100;
const carriageReturn = 0x0d;
/** Ticks are 32-bit milliseconds: half their range ends any sleep up to 24 days. */
const longestSleepMs = 2 ** 31;

/** Powers a board up to where boot.py would run. The one before is dead from here on. */
export async function startInterpreter(
  load: LoadMicroPython,
  options: InterpreterOptions,
): Promise<Interpreter> {
  let running = 0;
  let lastCallMs = 0;
  let lastCollectionUs = 0;
  let interrupted = false;
  // Emscripten asks the time after each write, for the time stamp of the "file": no moment to look for input. What the
  // host answers to the output has to meet the program that comes next, not what printed it.
  let stampsOutput = false;
  let leaveOut = 0; // bytes of output
  const spin = spinDetector();

  const enter = <Result>(run: () => Result): Result => {
    running++;
    try {
      return run();
    } finally {
      running--;
    }
  };

  /** Runs a callback of Python's. What it raises is printed and ends nothing else, as on a board. */
  const call = (run: () => void): void => {
    try {
      enter(run);
    } catch (error) {
      if (error instanceof PowerCut) throw error;
      printText(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  const timers = createMachineTimers(call);

  power({
    clockAsked() {
      if (running === 0) return 0;
      if (stampsOutput) {
        stampsOutput = false;
        return 0;
      }
      const spinning = spin.asked();
      options.clockAsked(spinning);
      // An interrupt that waits is meant for the program, not for a callback.
      if (spinning && !interrupted) timers.pump();
      spin.answered();
      lastCallMs = performance.now();
      // The sleep's C loop does not look for interrupts: let its time be up.
      if (!interrupted || !spinning) return 0;
      interrupted = false;
      return longestSleepMs;
    },
    callback(run) {
      untilPowerCut(() => call(run));
      options.callbackDone();
    },
  });

  const printText = (text: string): void => {
    for (const byte of Buffer.from(text)) options.printed(byte);
  };

  const written = (bytes: Uint8Array): void => {
    spin.broken();
    stampsOutput = true;
    for (const byte of bytes) {
      if (leaveOut > 0) leaveOut--;
      else options.printed(byte);
    }
    lastCallMs = performance.now();
  };

  const python = await load({
    heapsize: options.heapBytes,
    linebuffer: false,
    stdout: written,
    // One console, as on a board: asyncio says there what its tasks died of.
    stderr: written,
  });
  fillFileSystem(python.FS, options.files);
  addMachine(python, { ...options.machine, timers, lastCollectionUs: () => lastCollectionUs });
  connectStdin(python, {
    isWaiting: options.inputWaits,
    next() {
      for (;;) {
        if (interrupted) {
          interrupted = false;
          return undefined;
        }
        const byte = options.takeInput();
        if (byte !== undefined) return byte;
        options.awaitInput();
      }
    },
    print: options.printed,
  });
  // Got before an application fills the heap: afterwards there may be no room to ask for it.
  const setInterruptByte = python.pyimport("micropython").kbd_intr;
  makeRoomForLine();
  sealHeap(python, options.heapBytes);

  /**
   * The REPL keeps the line it reads on the Python heap and cannot take it when there is no room: it hangs. A board with
   * raw-paste keeps none, so a full heap can be read there; for that, this line gets its room beforehand.
   */
  function makeRoomForLine(): void {
    const roomBytes = Math.min(512, Math.floor(options.heapBytes / 32));
    leaveOut = Number.POSITIVE_INFINITY;
    python.replInit();
    for (const byte of [CTRL_A, ...Array<number>(roomBytes).fill(0x20), CTRL_C, CTRL_B]) {
      python.replProcessChar(byte);
    }
    leaveOut = 0;
  }

  return {
    feed(byte) {
      interrupted = false;
      lastCallMs = performance.now();
      const status = enter(() => python.replProcessChar(byte));
      // gc.collect() only takes effect here, after the program's last call and before the return.
      if (byte === CTRL_D || byte === carriageReturn) {
        lastCollectionUs = Math.max(1, Math.round((performance.now() - lastCallMs) * 1000));
      }
      return (status & forcedExit) !== 0;
    },
    startRepl(raw) {
      leaveOut = "\r\n".length; // an empty line before the banner, which boards do not print
      enter(() => python.replProcessChar(raw ? CTRL_A : CTRL_B));
      leaveOut = 0;
    },
    hasFile: (name) => python.FS.analyzePath(name).exists,
    files: () => readFileSystem(python.FS),
    runFile: (name) =>
      enter(() => {
        setInterruptByte(CTRL_C);
        try {
          python.runPython(`execfile(${JSON.stringify(name)})`);
          return undefined;
        } catch (error) {
          if (error instanceof PowerCut || !(error instanceof Error)) throw error;
          // Our own execfile line is no part of what a board would print.
          return error.message.replace('  File "<stdin>", line 1, in <module>\n', "");
        } finally {
          setInterruptByte(-1);
        }
      }),
    interruptsOn: (byte) => running > 0 && byte === python._module._mp_hal_get_interrupt_char(),
    isRunning: () => running > 0,
    interrupt: () => {
      interrupted = true;
      python._module._mp_sched_keyboard_interrupt();
    },
  };
}

/**
 * Tells a sleep, which asks the time in a tight C loop, from a program that looks at the clock now and then.
 * A Python loop that does nothing but ask the time counts as a sleep, too.
 */
function spinDetector(): { asked(): boolean; answered(): void; broken(): void } {
  const shortGapMs = 0.02;
  const enough = 20;
  let shortGaps = 0;
  let answeredMs = 0;
  return {
    asked() {
      shortGaps = performance.now() - answeredMs < shortGapMs ? shortGaps + 1 : 0;
      return shortGaps >= enough;
    },
    answered() {
      answeredMs = performance.now();
    },
    broken() {
      shortGaps = 0;
    },
  };
}
