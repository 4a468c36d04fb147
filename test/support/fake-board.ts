import { bytesOf, concatBytes, latin1Text } from "../../src/shared/bytes.ts";

/** What running one program prints. */
export interface FakeResult {
  readonly stdout: string;
  readonly traceback?: string;
}

export interface FakeBoardOptions {
  readonly paste: "yes" | "refused" | "old-firmware";
  readonly windowBytes?: number;
  readonly run: (source: string) => FakeResult;
  /** The prompt is kept by micropython-lib's aiorepl. */
  readonly aiorepl?: boolean;
  readonly ps1?: string;
}

const BANNER = "raw REPL; CTRL-B to exit\r\n>";
const GREETING = 'MicroPython v1.27.0 on 2025-12-10; fake\r\nType "help()" for more information.\r\n';

/** A program that holds the prompt: whether Ctrl-C stops it. */
export type FakeProgram = "stops" | "ignores-ctrl-c";

/**
 * The board's side of the raw REPL, after shared/runtime/pyexec.c: bytes in, bytes out, no time. It checks the
 * host too: bytes beyond the credit it gave throw.
 */
export class FakeBoard {
  readonly #options: FakeBoardOptions;
  readonly ran: string[] = [];
  /** Soft resets that the host asked for. */
  resets = 0;
  /** Soft resets at the friendly prompt: there main.py runs. */
  friendlyResets = 0;
  /** Every byte the host ever sent. */
  received: number[] = [];
  /** Lines that the host typed at the friendly prompt. */
  readonly typed: string[] = [];
  /** What main.py is: started again by every soft reset at the friendly prompt. */
  mainProgram: FakeProgram | null = null;
  #mode: "friendly" | "friendly-paste" | "raw" | "paste" | "program" = "friendly";
  #program: FakeProgram = "stops";
  /** Bytes that wait for the prompt while a program runs. */
  #waiting: number[] = [];
  #line: number[] = [];
  #atLineStart = false;
  #creditBytes = 0;
  #sinceCredit = 0;

  constructor(options: FakeBoardOptions) {
    this.#options = options;
  }

  get mode(): string {
    return this.#mode;
  }

  get #ps1(): string {
    return this.#options.ps1 ?? (this.#options.aiorepl ? "--> " : ">>> ");
  }

  /** As if the reset button was pressed. Returns what the board prints: nothing where main.py runs. */
  reset(): Uint8Array {
    this.#line = [];
    this.#waiting = [];
    if (this.mainProgram) {
      this.startProgram(this.mainProgram);
      return new Uint8Array(0);
    }
    this.#mode = "friendly";
    return bytesOf(`\r\n${GREETING}${this.#ps1}`);
  }

  /** A program holds the prompt from now on. */
  startProgram(program: FakeProgram): void {
    this.#mode = "program";
    this.#program = program;
  }

  /** The program ends by itself. Returns what the board prints, including its answer to what was waiting. */
  endProgram(last = ""): Uint8Array {
    this.#mode = "friendly";
    const waiting = Uint8Array.from(this.#waiting.splice(0));
    const banner = bytesOf(`${last}${GREETING}${this.#ps1}`);
    return concatBytes([banner, ...[...waiting].map((byte) => this.#answer(byte))]);
  }

  receive(bytes: Uint8Array): Uint8Array {
    return concatBytes([...bytes].map((byte) => this.#receiveByte(byte)));
  }

  #receiveByte(byte: number): Uint8Array {
    this.received.push(byte);
    return this.#answer(byte);
  }

  #answer(byte: number): Uint8Array {
    switch (this.#mode) {
      case "program":
        if (byte !== 3) this.#waiting.push(byte);
        else if (this.#program === "stops") return this.endProgram("Traceback…\r\nKeyboardInterrupt: \r\n");
        return new Uint8Array(0);
      case "friendly":
        return this.#friendly(byte);
      case "friendly-paste":
        return this.#friendlyPaste(byte);
      case "raw":
        return this.#raw(byte);
      case "paste":
        return this.#paste(byte);
    }
  }

  #friendlyPaste(byte: number): Uint8Array {
    if (byte === 3 || byte === 4) {
      this.#mode = "friendly";
      const source = latin1Text(Uint8Array.from(this.#line.splice(0)));
      if (byte === 3) return bytesOf(`\r\n${this.#ps1}`);
      if (!source.includes("\x01")) this.ran.push(source);
      return bytesOf(`\r\n${source.includes("\x01") ? "SyntaxError: invalid syntax\r\n" : ""}${this.#ps1}`);
    }
    this.#line.push(byte);
    return byte === 13 ? bytesOf("\r\n=== ") : Uint8Array.of(byte);
  }

  #friendly(byte: number): Uint8Array {
    if (byte === 1 && this.#line.length > 0) {
      // Goes to the beginning of the line (shared/readline/readline.c).
      this.#atLineStart = true;
      return new Uint8Array(0);
    }
    if (byte === 1) {
      this.#mode = "raw";
      return bytesOf(this.#options.aiorepl ? BANNER : `\r\n${BANNER}`);
    }
    if (byte === 4 && this.#line.length === 0) {
      this.friendlyResets++;
      return concatBytes([bytesOf("\r\nMPY: soft reboot\r\n"), this.reset()]);
    }
    if (byte === 2 && this.#line.length === 0) return bytesOf(`\r\n${GREETING}${this.#ps1}`);
    if (byte === 5) {
      this.#mode = "friendly-paste";
      return bytesOf("\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ");
    }
    if (byte === 13 && this.#line.length > 0) {
      const line = latin1Text(Uint8Array.from(this.#line.splice(0)));
      this.typed.push(line);
      if (line.endsWith("run_forever()")) this.startProgram("stops");
      return bytesOf(line.endsWith("run_forever()") ? "\r\n" : `\r\n${this.#ps1}`);
    }
    if (byte === 13 || byte === 3) {
      this.#line = [];
      return bytesOf(`\r\n${this.#ps1}`);
    }
    if (byte === 4) return new Uint8Array(0);
    if (this.#atLineStart) this.#line.unshift(byte);
    else this.#line.push(byte);
    this.#atLineStart = false;
    return Uint8Array.of(byte);
  }

  #raw(byte: number): Uint8Array {
    if (byte === 1) {
      const offered = latin1Text(Uint8Array.from(this.#line)) === "\x05A";
      this.#line = [];
      if (offered && this.#options.paste === "refused") return bytesOf("R\x00");
      if (!offered || this.#options.paste === "old-firmware") return bytesOf(BANNER);
      this.#mode = "paste";
      const window = this.#options.windowBytes ?? 128;
      this.#creditBytes = window * 2;
      this.#sinceCredit = 0;
      return Uint8Array.of(0x52, 1, window & 0xff, window >> 8, 1);
    }
    if (byte === 2) {
      this.#mode = "friendly";
      this.#line = [];
      return bytesOf(this.#options.aiorepl ? `\r\n${this.#ps1}` : `\r\n${GREETING}${this.#ps1}`);
    }
    if (byte === 3) {
      this.#line = [];
      return new Uint8Array(0);
    }
    if (byte === 4) {
      if (this.#line.length === 0) this.resets++;
      if (this.#line.length === 0) return bytesOf(`OK\r\nMPY: soft reboot\r\n${BANNER}`);
      return concatBytes([bytesOf("OK"), this.#run()]);
    }
    this.#line.push(byte);
    return new Uint8Array(0);
  }

  #paste(byte: number): Uint8Array {
    if (byte === 4) return concatBytes([Uint8Array.of(4), this.#run()]);
    if (byte === 3) {
      this.#mode = "raw";
      this.#line = [];
      return bytesOf("\x04\x04KeyboardInterrupt: \r\n\x04>");
    }
    if (--this.#creditBytes < 0) throw new Error("the host sent more than its credit");
    this.#line.push(byte);
    const window = this.#options.windowBytes ?? 128;
    if (++this.#sinceCredit < window) return new Uint8Array(0);
    this.#sinceCredit = 0;
    this.#creditBytes += window;
    return Uint8Array.of(1);
  }

  #run(): Uint8Array {
    const source = latin1Text(Uint8Array.from(this.#line));
    this.#line = [];
    this.#mode = "raw";
    this.ran.push(source);
    const { stdout, traceback = "" } = this.#compileAndRun(source);
    return bytesOf(`${stdout}\x04${traceback}\x04>`);
  }

  #compileAndRun(source: string): FakeResult {
    if (source.includes("\x01")) return { stdout: "", traceback: "SyntaxError: invalid syntax\r\n" };
    if (source === "#") return { stdout: "" };
    return this.#options.run(source);
  }
}
