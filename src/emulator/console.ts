import { CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E } from "../protocol/bytes.ts";

/** How the board answers the raw-paste offer `\x05A\x01`. */
export type RawPaste =
  /** As MicroPython since v1.14. */
  | { readonly kind: "accept" }
  /** `R\x00`: knows the offer, declines. */
  | { readonly kind: "refuse" }
  /** Firmware before v1.14: forgets the line and prints the raw banner again. */
  | { readonly kind: "old-firmware" }
  /** Ends the upload itself after this many bytes of code, as a board does at a syntax error. */
  | { readonly kind: "abort"; readonly afterBytes: number };

/** What the console drives. */
export interface ConsoleDevice {
  /** Gives the interpreter a byte; true when it asks for a soft reset. Its output is printed. */
  feed(byte: number): boolean;
  /** Sends bytes to the host. */
  send(bytes: Uint8Array): void;
  /** The last characters the interpreter printed. */
  tail(): string;
  /** The next `count` bytes the interpreter prints are thrown away. */
  skip(count: number): void;
  /** A fresh prompt was printed. */
  settled(): void;
  /** Restart the interpreter; `raw`: in raw mode. */
  softReset(raw: boolean): void;
}

/** The REPL's input side: one byte at a time. */
export interface Console {
  receive(byte: number): void;
  /** After a boot: which mode the fresh interpreter stands in. */
  started(raw: boolean): void;
  setRawPaste(behaviour: RawPaste): void;
}

/** A program being pasted. `window` bytes may still come before the next credit. */
interface Upload {
  readonly code: number[];
  window: number;
  /** The board has ended the upload; everything up to the host's acknowledgement is thrown away. */
  aborted: boolean;
}

type Mode = { kind: "friendly" } | { kind: "raw" } | { kind: "paste"; readonly upload: Upload };

/** MICROPY_REPL_STDIN_BUFFER_MAX / 2, py/reader.c: a credit per 128 bytes, two at the start. */
const windowBytes = 128;

/**
 * Where control comes back after one of these, the friendly REPL stands at a prompt. Not told by the prompt itself: an
 * application may have set sys.ps1.
 */
const endsLine = (byte: number): boolean => byte === carriageReturn || (byte >= CTRL_A && byte <= CTRL_D);
const carriageReturn = 0x0d;
/** The prompt within a statement, and within paste mode. */
const continues = /\n(\.\.\. |=== )\s*$/;

/**
 * The front of the interpreter's own REPL. It adds what the WebAssembly port lacks: raw-paste (there, reading the
 * pasted code would hang) and soft resets. Everything else goes to the real REPL byte by byte.
 */
export function createConsole(device: ConsoleDevice): Console {
  let mode: Mode = { kind: "friendly" };
  let rawPaste: RawPaste = { kind: "accept" };
  let line: number[] = []; // the start of the raw line, as far as it tells an offer from a program

  const friendly = (byte: number): void => {
    if (device.feed(byte)) {
      device.softReset(false);
      return;
    }
    const tail = device.tail();
    if (byte === CTRL_A && tail.endsWith("raw REPL; CTRL-B to exit\r\n>")) {
      mode = { kind: "raw" };
      line = [];
      device.settled();
    } else if (endsLine(byte) && !continues.test(tail)) device.settled();
  };

  const answerOffer = (command: number): void => {
    line = [];
    device.feed(CTRL_C); // the interpreter forgets the offer, silently
    if (rawPaste.kind === "old-firmware") {
      device.feed(CTRL_A);
      device.settled();
      return;
    }
    if (rawPaste.kind === "refuse" || command !== 0x41) {
      device.send(Uint8Array.of(0x52, 0x00, 0x3e)); // R, no; then the prompt
      device.settled();
      return;
    }
    mode = { kind: "paste", upload: { code: [], window: windowBytes, aborted: false } };
    device.send(Uint8Array.of(0x52, 0x01, windowBytes & 0xff, windowBytes >> 8, 0x01));
  };

  const raw = (byte: number): void => {
    if (byte === CTRL_A && line.length === 2 && line[0] === CTRL_E) {
      answerOffer(line[1] ?? 0);
      return;
    }
    const resetAsked = device.feed(byte);
    if (byte !== CTRL_A && byte !== CTRL_B && byte !== CTRL_C && byte !== CTRL_D) {
      if (line.length < 3) line.push(byte);
      return;
    }
    line = [];
    if (resetAsked) {
      device.softReset(true);
      return;
    }
    if (byte === CTRL_B) mode = { kind: "friendly" };
    if (byte !== CTRL_C) device.settled();
  };

  /** Runs `code` as the raw REPL does; its answer without the leading OK, which raw-paste does not have. */
  const run = (code: readonly number[]): void => {
    mode = { kind: "raw" };
    // Control bytes in the code would steer the line the code is handed over on; none is valid in a program.
    const safe = code.map((byte) => (byte >= CTRL_A && byte <= CTRL_D ? 0x3f : byte));
    for (const byte of safe.length === 0 ? [0x0a] : safe) device.feed(byte);
    device.skip("OK".length);
    device.feed(CTRL_D);
    device.settled();
  };

  const paste = (byte: number, upload: Upload): void => {
    const ends = byte === CTRL_C || byte === CTRL_D;
    if (upload.aborted) {
      if (ends) run([...upload.code, 0x0a, 0x29]); // a stray ")": the syntax error that ended it
      return;
    }
    if (ends) {
      device.send(Uint8Array.of(CTRL_D));
      if (byte === CTRL_D) {
        run(upload.code);
        return;
      }
      mode = { kind: "raw" };
      device.send(Buffer.from("\x04KeyboardInterrupt: \r\n\x04>"));
      device.settled();
      return;
    }
    upload.code.push(byte);
    if (rawPaste.kind === "abort" && upload.code.length >= rawPaste.afterBytes) {
      upload.aborted = true;
      device.send(Uint8Array.of(CTRL_D));
      return;
    }
    if (--upload.window === 0) {
      upload.window = windowBytes;
      device.send(Uint8Array.of(0x01));
    }
  };

  return {
    receive(byte) {
      if (mode.kind === "friendly") friendly(byte);
      else if (mode.kind === "raw") raw(byte);
      else paste(byte, mode.upload);
    },
    started(isRaw) {
      mode = { kind: isRaw ? "raw" : "friendly" };
      line = [];
      device.settled();
    },
    setRawPaste(behaviour) {
      rawPaste = behaviour;
    },
  };
}
