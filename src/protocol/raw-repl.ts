/**
 * MicroPython's raw REPL as a state machine: bytes and fired timers in, effects out. It never waits, writes or
 * reads a clock itself. Source of the protocol: shared/runtime/pyexec.c and docs/reference/repl.rst of MicroPython.
 *
 * | state        | on                                    | writes          | next state              | reports     |
 * | ------------ | ------------------------------------- | --------------- | ----------------------- | ----------- |
 * | idle         | enter()                               | `\r\x01`        | entering                |             |
 * | entering     | `raw REPL; CTRL-B to exit…>`          |                 | ready                   | entered     |
 * | ready        | run(), paste not refused so far       | `\x05A\x01`     | offering                |             |
 * | ready        | run(), paste refused before           | first piece     | plain                   |             |
 * | offering     | `R\x01`                               |                 | window                  |             |
 * | offering     | `R\x00`, or the banner (old firmware) | first piece     | plain, refusal kept     |             |
 * | offering     | `paste mode; …`: it is at `>>> `      | `\x04` ²        | lost                    | failed      |
 * | window       | two bytes: window size                | within credit   | pasting                 |             |
 * | pasting      | `\x01`: one more window of credit     | within credit   | pasting                 |             |
 * | pasting      | all sent                              | `\x04`          | paste-ending            |             |
 * | pasting      | `\x04`: the board stops reading       | `\x04`          | stdout                  |             |
 * | paste-ending | `\x04`                                |                 | stdout                  |             |
 * | plain        | piece timer                           | next piece      | plain                   |             |
 * | plain        | piece timer, all sent                 | `\x04`          | awaiting-ok             |             |
 * | awaiting-ok  | `OK`                                  |                 | stdout                  |             |
 * | stdout       | `\x04`                                |                 | traceback               |             |
 * | traceback    | `\x04`                                |                 | prompt                  |             |
 * | prompt       | `>`                                   |                 | ready                   | answered    |
 * | ready        | a boot banner                         |                 | idle                    | restarted   |
 * | ready        | leave()                               | `\x02`          | leaving                 |             |
 * | leaving      | `>>> `, or silence                    |                 | idle                    | left        |
 * | ready        | softReset()                           | `\x04`          | restarting              |             |
 * | restarting   | raw banner / `>>> `                   |                 | ready / idle            | restarted   |
 * | any request  | silence or deadline timer             |                 | lost                    | failed      |
 * | lost         | enter()                               | `\r\x01`        | entering                |             |
 * | entering     | silence, board may read our program ¹ | `#\x04\r\x01`   | entering                |             |
 * | any but idle | abandon()                             | `\x02` ³        | idle                    |             |
 *
 * ¹ The board went silent between our offer and its acknowledgement, so it may still be reading a program: there
 * `\r\x01` is only more text. `\x04` ends that reading, and what it read is no valid program (`\x01` is no token).
 * Elsewhere the `#` before it makes it harmless: a raw prompt runs a comment, where a bare `\x04` would reset it.
 * ² The board restarted unseen and took our offer for its own paste mode, which `\x04` ends in the same way.
 * ³ After `#\x04` where the board may be reading our program. It acts on it whenever it gets to read it.
 *
 * There is no `\x03` here: it could reach an application. Whether a board may be interrupted is its policy's business.
 *
 * Bytes that fit no row are `unsolicited`.
 */

import { ByteCollector } from "../shared/byte-collector.ts";
import { bytesOf, concatBytes, indexOfBytes } from "../shared/bytes.ts";
import { ByteSeeker } from "./byte-seeker.ts";
import { CTRL_A, CTRL_B, CTRL_D, CTRL_E } from "./bytes.ts";
import {
  BOOT_SIGNS,
  END_PROGRAM,
  ENTER_RAW,
  FRIENDLY_PROMPT,
  PASTE_MODE,
  RAW_PROMPTS,
} from "./raw-repl-bytes.ts";
import {
  type Deadlines,
  defaultRawReplLimits,
  type Effect,
  type Failure,
  type RawReplLimits,
  type StateName,
  type TimerName,
} from "./raw-repl-effects.ts";
import { type Request, type Run, readsProgram, type State } from "./raw-repl-state.ts";

/** How much of what a board said goes into a failure, for its text. */
const EXCERPT_BYTES = 160;
const NO_BYTES = new Uint8Array(0);

export class RawRepl {
  readonly #limits: RawReplLimits;
  #state: State = { name: "idle" };
  #request: Request | null = null;
  /** Set by the first refusal, or the first offer that stayed unanswered; kept as long as the connection. */
  #pasteRefused = false;
  #effects: Effect[] = [];

  constructor(limits: RawReplLimits = defaultRawReplLimits) {
    this.#limits = limits;
  }

  get state(): StateName {
    return this.#state.name;
  }

  /** From `idle` or `lost`: asks for raw mode, gently and once. Ends in `entered` or `failed`. */
  enter(deadlines: Deadlines): readonly Effect[] {
    this.#mustBe("enter", "idle", "lost");
    const endProgram = this.#state.name === "lost" && this.#state.boardReadsProgram;
    this.#begin(deadlines);
    this.#write(ENTER_RAW);
    this.#state = { name: "entering", seeker: new ByteSeeker(RAW_PROMPTS), endProgram };
    return this.#take();
  }

  /** From `ready`: runs `program`. Ends in `answered` or `failed`. The program must not print `\x04`. */
  run(program: Uint8Array, deadlines: Deadlines): readonly Effect[] {
    this.#mustBe("run", "ready");
    this.#begin(deadlines);
    if (this.#pasteRefused) {
      this.#sendPlain(program);
    } else {
      this.#write(Uint8Array.of(CTRL_E, 0x41, CTRL_A));
      const patterns = { accepted: "R\x01", refused: "R\x00", old: RAW_PROMPTS.raw, pasteMode: PASTE_MODE };
      this.#state = {
        name: "offering",
        run: { program, via: "raw-paste" },
        seeker: new ByteSeeker(patterns),
      };
    }
    return this.#take();
  }

  /** From `ready`: back to the friendly prompt. Always ends in `left`; a custom `sys.ps1` costs the silence time. */
  leave(deadlines: Deadlines): readonly Effect[] {
    this.#mustBe("leave", "ready");
    this.#begin(deadlines);
    this.#write(Uint8Array.of(CTRL_B));
    this.#state = { name: "leaving", seeker: new ByteSeeker({ friendly: FRIENDLY_PROMPT }) };
    return this.#take();
  }

  /** From any state: what brings the board to its friendly prompt once it reads it. Ends the request at once. */
  abandon(): readonly Effect[] {
    if (this.#state.name === "idle") return [];
    const reading =
      this.#state.name === "lost" ? this.#state.boardReadsProgram : readsProgram(this.#state.name);
    if (reading) this.#write(END_PROGRAM);
    this.#write(Uint8Array.of(CTRL_B));
    this.#finish({ name: "idle" }, { kind: "left", sawPrompt: false });
    return this.#take();
  }

  /** From `ready`: soft reset. Ends in `restarted` or `failed`. */
  softReset(deadlines: Deadlines): readonly Effect[] {
    this.#mustBe("softReset", "ready");
    this.#begin(deadlines);
    this.#write(Uint8Array.of(CTRL_D));
    const patterns = { ...RAW_PROMPTS, friendly: FRIENDLY_PROMPT };
    this.#state = { name: "restarting", seeker: new ByteSeeker(patterns) };
    return this.#take();
  }

  /** Bytes from the board, in any cuts. */
  receive(chunk: Uint8Array): readonly Effect[] {
    if (this.#request) {
      this.#request = { ...this.#request, excerpt: lastBytes(this.#request.excerpt, chunk) };
      this.#startTimer("silence", this.#request.deadlines.silenceMs);
    }
    let rest = chunk;
    while (rest.length > 0) rest = rest.subarray(this.#consume(rest));
    return this.#take();
  }

  /** A timer that an effect started has ended. */
  timerFired(timer: TimerName): readonly Effect[] {
    if (timer === "piece") this.#sendPiece();
    else if (this.#request) this.#timedOut(timer, this.#request, this.#state);
    return this.#take();
  }

  #timedOut(timer: "silence" | "deadline", request: Request, state: State): void {
    if (state.name === "leaving") {
      this.#left(false);
    } else if (state.name === "entering" && state.endProgram && timer === "silence") {
      this.#write(concatBytes([END_PROGRAM, ENTER_RAW]));
      this.#startTimer("silence", request.deadlines.silenceMs);
      this.#state = { ...state, endProgram: false };
    } else {
      this.#fail(this.#timeoutFailure(timer, request));
    }
  }

  /** Uses up at least one byte of `bytes` and says how many. */
  #consume(bytes: Uint8Array): number {
    const state = this.#state;
    switch (state.name) {
      case "idle":
      case "lost":
      case "plain":
        return this.#unsolicited(bytes);
      case "ready":
        if (state.bootSeeker.seek(bytes).found)
          this.#finish({ name: "idle" }, { kind: "restarted", mode: "friendly" });
        return this.#unsolicited(bytes);
      case "entering":
        return this.#seek(state.seeker, bytes, () => this.#finish(ready(), { kind: "entered" }));
      case "offering":
        return this.#seek(state.seeker, bytes, (found) => {
          if (found === "accepted") {
            this.#state = { name: "window", run: state.run, lowByte: null };
          } else if (found === "pasteMode") {
            this.#write(Uint8Array.of(CTRL_D));
            this.#fail({ kind: "restarted", state: "offering", saw: bytesOf(PASTE_MODE) });
          } else {
            this.#pasteRefused = true;
            this.#sendPlain(state.run.program);
          }
        });
      case "window":
        return this.#takeWindowByte(state.run, state.lowByte, bytes[0] ?? 0);
      case "pasting":
        return this.#takePasteByte(state, bytes);
      case "paste-ending":
        return this.#upTo(CTRL_D, bytes, () => this.#output(state.run));
      case "awaiting-ok":
        return this.#seek(state.seeker, bytes, () => this.#output(state.run));
      case "stdout":
      case "traceback":
        return this.#collect(state, bytes);
      case "prompt":
        return this.#upTo(0x3e, bytes, () => {
          const answer = {
            stdout: state.stdout.whole(),
            traceback: state.traceback.whole(),
            via: state.run.via,
          };
          this.#finish(ready(), { kind: "answered", answer });
        });
      case "leaving":
        return this.#seek(state.seeker, bytes, () => this.#left(true));
      case "restarting":
        return this.#seek(state.seeker, bytes, (found) => {
          const mode = found === "friendly" ? "friendly" : "raw";
          this.#finish(mode === "raw" ? ready() : { name: "idle" }, { kind: "restarted", mode });
        });
    }
  }

  #seek<Name extends string>(
    seeker: ByteSeeker<Name>,
    bytes: Uint8Array,
    then: (found: Name) => void,
  ): number {
    const { before, found } = seeker.seek(bytes);
    if (before.length > 0) this.#unsolicited(before);
    if (found) then(found.name);
    return found?.usedBytes ?? bytes.length;
  }

  /** Skips to `stop`; what came before belonged to no answer. */
  #upTo(stop: number, bytes: Uint8Array, then: () => void): number {
    const at = bytes.indexOf(stop);
    if (at === -1) return this.#unsolicited(bytes);
    if (at > 0) this.#unsolicited(bytes.subarray(0, at));
    then();
    return at + 1;
  }

  #takeWindowByte(run: Run, lowByte: number | null, byte: number): number {
    if (lowByte === null) {
      this.#state = { name: "window", run, lowByte: byte };
    } else {
      const windowBytes = lowByte | (byte << 8);
      this.#state = { name: "pasting", run, windowBytes, creditBytes: windowBytes, sentBytes: 0 };
      this.#sendWithinCredit();
    }
    return 1;
  }

  #takePasteByte(state: State & { name: "pasting" }, bytes: Uint8Array): number {
    switch (bytes[0]) {
      case CTRL_A:
        this.#state = { ...state, creditBytes: state.creditBytes + state.windowBytes };
        this.#sendWithinCredit();
        return 1;
      case CTRL_D:
        this.#write(Uint8Array.of(CTRL_D));
        this.#output(state.run);
        return 1;
      default:
        return this.#unsolicited(bytes.subarray(0, 1));
    }
  }

  /** The last piece and the end mark go out together: a write of its own would cost the host a turn. */
  #sendWithinCredit(): void {
    if (this.#state.name !== "pasting") return;
    const { run, creditBytes, sentBytes } = this.#state;
    const piece = run.program.subarray(sentBytes, sentBytes + creditBytes);
    const sentNow = sentBytes + piece.length;
    if (sentNow < run.program.length) {
      if (piece.length > 0) this.#write(piece);
      this.#state = { ...this.#state, creditBytes: creditBytes - piece.length, sentBytes: sentNow };
    } else {
      this.#write(concatBytes([piece, Uint8Array.of(CTRL_D)]));
      this.#state = { name: "paste-ending", run };
    }
  }

  #sendPlain(program: Uint8Array): void {
    this.#state = { name: "plain", run: { program, via: "plain" }, sentBytes: 0 };
    this.#sendPiece();
  }

  #sendPiece(): void {
    if (this.#state.name !== "plain") return;
    const { run, sentBytes } = this.#state;
    const piece = run.program.subarray(sentBytes, sentBytes + this.#limits.pieceBytes);
    if (piece.length > 0) {
      this.#write(piece);
      this.#state = { name: "plain", run, sentBytes: sentBytes + piece.length };
      this.#startTimer("piece", this.#limits.piecePauseMs);
      if (this.#request) this.#startTimer("silence", this.#request.deadlines.silenceMs);
    } else {
      this.#write(Uint8Array.of(CTRL_D));
      this.#state = { name: "awaiting-ok", run, seeker: new ByteSeeker({ ok: "OK" }) };
    }
  }

  #output(run: Run): void {
    this.#state = { name: "stdout", run, stdout: new ByteCollector(), traceback: new ByteCollector() };
  }

  #collect(state: State & { name: "stdout" | "traceback" | "prompt" }, bytes: Uint8Array): number {
    const end = bytes.indexOf(CTRL_D);
    const part = state.name === "stdout" ? state.stdout : state.traceback;
    part.add(end === -1 ? bytes : bytes.subarray(0, end));
    if (state.stdout.length + state.traceback.length > this.#limits.maxAnswerBytes) {
      this.#fail({ kind: "too-long", state: state.name, limitBytes: this.#limits.maxAnswerBytes });
    } else if (end !== -1) {
      this.#state = { ...state, name: state.name === "stdout" ? "traceback" : "prompt" };
    }
    return end === -1 ? bytes.length : end + 1;
  }

  #timeoutFailure(timer: "silence" | "deadline", request: Request): Failure {
    const state = this.#state.name;
    const saw = request.excerpt;
    const booted = Object.values(BOOT_SIGNS).some((sign) => indexOfBytes(saw, bytesOf(sign)) !== -1);
    if (booted) return { kind: "restarted", state, saw };
    return timer === "silence"
      ? { kind: "silent", state, waitedMs: request.deadlines.silenceMs, saw }
      : { kind: "late", state, waitedMs: request.deadlines.deadlineMs, saw };
  }

  #fail(failure: Failure): void {
    const { name } = this.#state;
    if (name === "offering") this.#pasteRefused = true;
    const boardReadsProgram = readsProgram(name) && failure.kind !== "restarted";
    this.#finish({ name: "lost", boardReadsProgram }, { kind: "failed", failure });
  }

  #left(sawPrompt: boolean): void {
    this.#finish({ name: "idle" }, { kind: "left", sawPrompt });
  }

  #begin(deadlines: Deadlines): void {
    this.#request = { deadlines, excerpt: NO_BYTES };
    this.#startTimer("silence", deadlines.silenceMs);
    this.#startTimer("deadline", deadlines.deadlineMs);
  }

  #finish(next: State, report: Effect): void {
    this.#request = null;
    this.#state = next;
    for (const timer of ["silence", "deadline", "piece"] as const) {
      this.#effects.push({ kind: "stop-timer", timer });
    }
    this.#effects.push(report);
  }

  #unsolicited(bytes: Uint8Array): number {
    this.#effects.push({ kind: "unsolicited", bytes });
    return bytes.length;
  }

  #write(bytes: Uint8Array): void {
    this.#effects.push({ kind: "write", bytes });
  }

  #startTimer(timer: TimerName, delayMs: number): void {
    this.#effects.push({ kind: "start-timer", timer, delayMs });
  }

  #take(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #mustBe(call: string, ...names: readonly StateName[]): void {
    if (!names.includes(this.#state.name)) throw new Error(`RawRepl.${call}() in state ${this.#state.name}`);
  }
}

function ready(): State {
  return { name: "ready", bootSeeker: new ByteSeeker(BOOT_SIGNS) };
}

function lastBytes(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (chunk.length >= EXCERPT_BYTES) return chunk.slice(-EXCERPT_BYTES);
  return concatBytes([before.subarray(-(EXCERPT_BYTES - chunk.length)), chunk]);
}
