import { createHash } from "node:crypto";
import { latin1Text, utf8Text } from "../shared/bytes.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { fileFault } from "./file-faults.ts";
import * as programs from "./file-programs.ts";
import type { Exchange, Session } from "./session.ts";

/** What is at a path of the board. */
export interface BoardFileFacts {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

/** How a file's content was compared. */
export type Verification = "sha256" | "checksum";

/** A file system may erase a block of flash first. */
const WRITE = { silenceMs: 10_000, deadlineMs: 15_000 };
const READ = { silenceMs: 10_000, deadlineMs: 60_000 };
/** Bytes of a file in one program: about 1 KB of text at most, and as much again where the board compiles it. */
const FIRST_PIECE_BYTES = 256;
const LEAST_PIECE_BYTES = 32;
/** Of `weightedSum`: together they miss no swap of bytes less than 60 000 apart. */
const MODULI = [251, 241] as const;
const FOLDER_MODE = 0x4000;

/**
 * The files of one connected board, by the raw REPL. Methods throw the session's errors, `board-files-…` for what the board's
 * file system raises, `heap-exhausted`, `program-garbled` and `board-raised`.
 */
export class BoardFiles {
  readonly #session: Session;
  readonly #port: string;
  #os: programs.OsModule = "os";
  #hash: programs.HashModule | null = "hashlib";
  #folder = "/";

  constructor(session: Session, port: string) {
    this.#session = session;
    this.#port = port;
  }

  /**
   * The folder that modules are imported from, with a slash at its end. To be called first. Throws `board-files-missing` where the
   * firmware cannot do what is needed.
   */
  async open(): Promise<string> {
    let exchange = await this.#session.run(programs.fileAbilities(this.#os), READ);
    if (isMissing(exchange)) {
      this.#os = "uos";
      exchange = await this.#session.run(programs.fileAbilities(this.#os), READ);
    }
    if (isMissing(exchange)) throw this.#withoutFiles();
    const [, able, usesFlash] = /^(True|False) (True|False)\r?$/m.exec(this.#textOf(exchange)) ?? [];
    if (able !== "True") throw this.#withoutFiles();
    this.#folder = usesFlash === "True" ? "/flash/" : "/";
    return this.#folder;
  }

  /** Which of `names` the folder holds. */
  async find(names: readonly string[]): Promise<readonly BoardFileFacts[]> {
    const text = await this.#print(programs.fileFacts(this.#os, this.#folder, names));
    return text.split(/\r?\n/).flatMap((line) => {
      const [, name, mode, size] = /^(\S+) (\d+) (\d+)$/.exec(line) ?? [];
      if (name === undefined || !names.includes(name)) return [];
      return [{ name, isFolder: (Number(mode) & FOLDER_MODE) !== 0, sizeBytes: Number(size) }];
    });
  }

  /** Whether the file holds just these bytes, by length and hash; null: it does not. */
  async holds(name: string, bytes: Uint8Array): Promise<Verification | null> {
    const [facts] = await this.find([name]);
    if (facts === undefined || facts.isFolder || facts.sizeBytes !== bytes.length) return null;
    const path = this.#folder + name;
    while (this.#hash !== null) {
      const exchange = await this.#session.run(programs.sha256OfFile(this.#hash, path, bytes.length), READ);
      if (!isMissing(exchange)) {
        const wanted = createHash("sha256").update(bytes).digest("hex");
        return hasLine(this.#textOf(exchange), wanted) ? "sha256" : null;
      }
      this.#hash = this.#hash === "hashlib" ? "uhashlib" : null;
    }
    for (const modulus of MODULI) {
      const sum = await this.#print(programs.weightedSumOfFile(path, bytes.length, modulus));
      if (!hasLine(sum, String(programs.weightedSum(bytes, modulus)))) return null;
    }
    return "checksum";
  }

  /**
   * Writes a file, piece by piece; where the heap is too small for one, again from the start in smaller ones. `goOn` throws
   * between two pieces what is to end it. What was there before is gone, and half a file may be left when it throws.
   */
  async write(name: string, bytes: Uint8Array, goOn: () => void = () => {}): Promise<void> {
    for (let pieceBytes = FIRST_PIECE_BYTES; ; pieceBytes /= 2) {
      try {
        return await this.#writeIn(pieceBytes, this.#folder + name, bytes, goOn);
      } catch (error) {
        const isFull = error instanceof HeapscopeError && error.code === "heap-exhausted";
        if (!isFull || pieceBytes <= LEAST_PIECE_BYTES) throw error;
      }
    }
  }

  /** Over a file that is there, too. */
  async rename(from: string, to: string): Promise<void> {
    const source = programs.renameFile(this.#os, this.#folder + from, this.#folder + to);
    try {
      await this.#print(source);
    } catch (error) {
      if (!(error instanceof HeapscopeError) || !/OSError.*\b(17|EEXIST)\b/.test(error.message)) throw error;
      await this.remove(to);
      await this.#print(source);
    }
  }

  async remove(name: string): Promise<void> {
    await this.#print(programs.removeFile(this.#os, this.#folder + name));
  }

  async #writeIn(pieceBytes: number, path: string, bytes: Uint8Array, goOn: () => void): Promise<void> {
    for (let at = 0; at === 0 || at < bytes.length; at += pieceBytes) {
      goOn();
      const piece = bytes.subarray(at, at + pieceBytes);
      const exchange = await this.#session.run(programs.writePiece(path, piece, at === 0), WRITE);
      const written = this.#textOf(exchange);
      if (hasLine(written, String(piece.length))) continue;
      // A short write is how some file systems say that they are full; a line of something else is what a timer printed.
      if (/^\d+$/.test(written)) throw heapscopeError("board-files-full", { port: this.#port });
    }
  }

  async #print(source: string): Promise<string> {
    return this.#textOf(await this.#session.run(source, READ));
  }

  #textOf(exchange: Exchange): string {
    if (exchange.traceback.length > 0) throw fileFault(this.#port, latin1Text(exchange.traceback));
    return utf8Text(exchange.stdout).trim();
  }

  #withoutFiles(): HeapscopeError {
    return heapscopeError("board-files-missing", {
      port: this.#port,
      reason:
        "its firmware cannot list, rename and remove files (a micro:bit's, or a build without a file system)",
    });
  }
}

function isMissing({ traceback }: Exchange): boolean {
  return /^(ImportError|ModuleNotFoundError|AttributeError)\b/m.test(latin1Text(traceback));
}

/** Other lines are what a timer or a thread printed in between. */
function hasLine(text: string, line: string): boolean {
  return text.split(/\r?\n/).includes(line);
}
