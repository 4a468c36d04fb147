import { CTRL_C, CTRL_D } from "../protocol/bytes.ts";
import { createLineInput } from "./line-input.ts";
import type { MicroPython } from "./micropython.ts";

/** The board's input as a running program sees it. */
export interface ProgramInput {
  /** Looks at the port, without waiting. May throw PowerCut. */
  isWaiting(): boolean;
  /** Waits for the next byte. `undefined`: the program was interrupted meanwhile. May throw PowerCut. */
  next(): number | undefined;
  /** Prints to the host. */
  print(byte: number): void;
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** poll(2) and errno as Emscripten has them. */
const pollIn = 1;
const interruptedCall = 27;

/**
 * Gives programs the board's input, which this port does not have: `sys.stdin` for reading and `select.poll`, and
 * `input()`. All three take what the REPL has not taken; what they leave, the REPL takes when the program has ended.
 */
export function connectStdin(python: MicroPython, input: ProgramInput): void {
  const stream = python.FS.getStream(0);
  stream.stream_ops = {
    ...stream.stream_ops,
    /** At least one byte, more where they are there already. CR comes as LF, as boards' sys.stdin has it. */
    read(_stream, buffer, offset, length) {
      let count = 0;
      while (count < length && (count === 0 || input.isWaiting())) {
        const byte = input.next();
        // MicroPython tries an interrupted call again, but raises what is pending first.
        if (byte === undefined) throw new python.FS.ErrnoError(interruptedCall);
        buffer[offset + count++] = byte === carriageReturn ? lineFeed : byte;
      }
      return count;
    },
    poll: () => (input.isWaiting() ? pollIn : 0),
  };
  replaceInput(python, input);
}

/** What reading gives when it was interrupted: the loop's jump back is where MicroPython raises KeyboardInterrupt. */
const again = 0;

/** `input()` by MicroPython's py/modbuiltins.c. Python, because only Python can raise EOFError. */
const makeInput = `
def _input(read):
    def input(*prompt):
        for text in prompt:
            print(text, end='')
        line = ${again}
        while line == ${again}:
            line = read()
        if line == ${CTRL_C}:
            raise KeyboardInterrupt
        if line == ${CTRL_D}:
            raise EOFError
        return line
    return input
`;

function replaceInput(python: MicroPython, input: ProgramInput): void {
  python.registerJsModule("_line", { read: () => readLine(input) });
  python.runPython(makeInput);
  python.runPython(
    "import builtins, _line, sys\nbuiltins.input = _input(_line.read)\ndel sys.modules['_line']",
  );
  for (const name of ["_input", "_line", "builtins", "sys"]) python.globals.delete(name);
}

/** The line; or the control byte that raises something; or `again`. */
function readLine(input: ProgramInput): string | number {
  const type = createLineInput();
  for (;;) {
    const byte = input.next();
    if (byte === undefined) return again;
    const step = type(byte);
    if (step.kind === "more") for (const echoed of Buffer.from(step.echo)) input.print(echoed);
    else if (step.kind === "control") return step.byte === CTRL_C || step.byte === CTRL_D ? step.byte : "";
    else {
      for (const end of [carriageReturn, lineFeed]) input.print(end);
      return step.text;
    }
  }
}
