/**
 * MicroPython's raw REPL as a state machine: bytes and fired timers in, effects out. It never waits, writes or
 * reads a clock itself. The states between run() and its answer are in program-run.ts. Source of the protocol:
 * shared/runtime/pyexec.c and docs/reference/repl.rst of MicroPython; aiorepl.py of micropython-lib.
 *
 * | state        | on                                    | writes          | next state              | reports     |
 * | ------------ | ------------------------------------- | --------------- | ----------------------- | ----------- |
 * | idle, lost   | enter("gentle")                       | `\r\x01`        | entering                |             |
 * | idle, lost   | enter("interrupt") ⁴                  | `\x03`          | interrupting            |             |
 * | interrupting | pace timer                            | `\r\x01`        | entering                |             |
 * | entering     | `raw REPL; CTRL-B to exit…>`          |                 | ready                   | entered     |
 * | entering     | `=== `: in somebody's paste mode ⁵    | `#\x04\r\x01`   | entering                |             |
 * | entering     | silence after `>>> ` ⁶                | `\r\x01`        | entering                |             |
 * | entering     | pace timer, interrupts left ⁴         | `\x03`          | interrupting            |             |
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
 * | plain        | pace timer                            | next piece      | plain                   |             |
 * | plain        | pace timer, all sent                  | `\x04`          | awaiting-ok             |             |
 * | awaiting-ok  | `OK`                                  |                 | stdout                  |             |
 * | stdout       | `\x04`                                |                 | traceback               |             |
 * | traceback    | `\x04`                                |                 | prompt                  |             |
 * | prompt       | `>`                                   |                 | ready                   | answered    |
 * | ready        | a boot banner                         |                 | idle                    | restarted   |
 * | ready        | leave()                               | `\x02`          | leaving                 |             |
 * | leaving      | a prompt, or silence                  |                 | idle                    | left        |
 * | leaving      | a prompt, with a parting              | its bytes       | parting                 |             |
 * | leaving      | silence, with a parting               | `\x02`, them    | parting                 |             |
 * | parting      | its sign, or silence                  |                 | idle                    | left        |
 * | idle, lost   | `raw REPL; …>`: answered late         |                 | ready                   | entered     |
 * | idle, lost   | `>>> ` / signs of a restart           |                 | the same                | prompt-seen / restarted |
 * | any request  | silence or deadline timer             |                 | lost                    | failed      |
 * | entering     | silence, board may read our program ¹ | `#\x04\r\x01`   | entering                |             |
 * | idle, lost   | estranged()                           |                 | idle ⁷                  |             |
 * | idle ⁷       | enter("gentle")                       | `\x01`          | entering ¹              |             |
 * | any but idle | abandon()                             | `\x02` ³        | idle                    |             |
 *
 * ¹ The board went silent between our offer and its acknowledgement, so it may still be reading a program: there
 * `\r\x01` is only more text. `\x04` ends that reading, and what it read is no valid program (`\x01` is no token).
 * Elsewhere the `#` before it makes it harmless: a raw prompt runs a comment, where a bare `\x04` would reset it. The
 * same goes for somebody else's program, after a console was lent.
 * ² The board restarted unseen and took our offer for its own paste mode, which `\x04` ends in the same way.
 * ³ After `#\x04` where the board may be reading our program. It acts on it whenever it gets to read it.
 * ⁴ The one place where `\x03` is written, and only because the caller says so: whether a board may be interrupted is
 * its policy's business. No fault of the link needs it.
 *
 * ⁵ Left over from another tool, half a program perhaps. With `\x01` in it, it is none that could run when `\x04` ends it.
 * ⁶ Once. A statement of several lines was half typed: `\r\x01` has ended it, and was used up by that.
 * ⁷ Somebody had the board's terminal, and may have left a line half typed, which `\r` would run. On such a line `\x01` only
 * goes to its beginning, and the `#` of ¹ makes it a comment.
 *
 * Bytes that fit no row are `unsolicited`.
 */

import { bytesOf, concatBytes } from "../shared/bytes.ts";
import { ByteSeeker, seekIn } from "./byte-seeker.ts";
import { CTRL_A, CTRL_B } from "./bytes.ts";
import { ProgramRun } from "./program-run.ts";
import {
  END_PROGRAM,
  ENTER_RAW,
  endsInPrompt,
  FRIENDLY_PROMPTS,
  IDLE_SIGNS,
  INTERRUPT,
  PASTE_LINE,
  promptBefore,
  RAW_PROMPTS,
} from "./raw-repl-bytes.ts";
import {
  type Approach,
  type Deadlines,
  defaultRawReplLimits,
  type Effect,
  type Failure,
  type Parting,
  type Prompt,
  type RawReplLimits,
  type StateName,
  type TimerName,
} from "./raw-repl-effects.ts";
import { excerptWith, timeoutFailure } from "./raw-repl-failure.ts";
import { heldBy, idle, lost, type RawPrompt, type Request, ready, type State } from "./raw-repl-state.ts";

/** A program may catch the first Ctrl-C, or sit in a call that swallows it. */
const INTERRUPTS = 3;
/** From Ctrl-C to the question for raw mode: what runs has to end first, and some ports then empty their input, ms. */
const AFTER_INTERRUPT_MS = 100;
/** From that question to the next Ctrl-C, ms. */
const BETWEEN_INTERRUPTS_MS = 1_000;
const NO_BYTES = new Uint8Array(0);

export class RawRepl {
  readonly #limits: RawReplLimits;
  #state: State = idle();
  #request: Request | null = null;
  /** Set by the first refusal, or the first offer that stayed unanswered; kept as long as the connection. */
  #pasteRefused = false;
  /** The board's `sys.ps1`, as far as it was seen. */
  #customPrompt: string | null = null;
  /** Questions for raw mode that the board may yet answer: what ran when they came did not read them. */
  #bannersDue = 0;
  #effects: Effect[] = [];

  constructor(limits: RawReplLimits = defaultRawReplLimits) {
    this.#limits = limits;
  }

  get state(): StateName {
    return this.#state.name === "running" ? this.#state.run.state : this.#state.name;
  }

  /**
   * From `idle` or `lost`: gets to the raw prompt. `gentle` asks once; `interrupt` stops what runs and then asks, up to
   * three times. Ends in `entered` or `failed`.
   */
  enter(deadlines: Deadlines, approach: Approach = "gentle"): readonly Effect[] {
    this.#mustBe("enter", "idle", "lost");
    const state = this.#state;
    const endProgram = (state.name === "idle" || state.name === "lost") && state.boardReadsProgram;
    const isEstranged = state.name === "idle" && state.boardReadsProgram;
    this.#begin(deadlines);
    if (approach === "interrupt") this.#interrupt(INTERRUPTS);
    else this.#askForRaw(endProgram, 0, isEstranged ? Uint8Array.of(CTRL_A) : ENTER_RAW);
    return this.#take();
  }

  /** From `ready`: runs `program`. Ends in `answered` or `failed`. The program must not print `\x04`. */
  run(program: Uint8Array, deadlines: Deadlines): readonly Effect[] {
    this.#mustBe("run", "ready");
    this.#begin(deadlines);
    const run = new ProgramRun(program, this.#limits, {
      write: (bytes) => this.#write(bytes),
      startPace: (delayMs) => {
        this.#startTimer("pace", delayMs);
        this.#startTimer("silence", deadlines.silenceMs);
      },
      unsolicited: (bytes) => this.#unsolicited(bytes),
    });
    this.#state = { name: "running", run };
    run.start(this.#pasteRefused ? "plain" : "raw-paste", this.#bannersDue);
    this.#bannersDue = 0;
    return this.#take();
  }

  /**
   * From `ready`: back to the friendly prompt, and on with `parting` where there is one. Always ends in `left`; a prompt
   * that is not known costs the silence time.
   */
  leave(deadlines: Deadlines, parting: Parting | null = null): readonly Effect[] {
    this.#mustBe("leave", "ready");
    this.#begin(deadlines);
    this.#write(Uint8Array.of(CTRL_B));
    const custom = `\r\n${this.#customPrompt ?? FRIENDLY_PROMPTS.repl}`;
    this.#state = { name: "leaving", seeker: new ByteSeeker({ ...FRIENDLY_PROMPTS, custom }), parting };
    return this.#take();
  }

  /** From any state: what brings the board to its friendly prompt once it reads it. Ends the request at once. */
  abandon(): readonly Effect[] {
    const state = this.#state;
    if (state.name === "idle") return [];
    this.#letGo();
    const boardReadsProgram = state.name === "lost" ? state.boardReadsProgram : this.#boardReadsProgram();
    if (boardReadsProgram) this.#write(END_PROGRAM);
    // After a parting the board is on its own way; whatever came now would reach the application.
    if (state.name !== "parting") this.#write(Uint8Array.of(CTRL_B));
    this.#finish(idle(), { kind: "left", prompt: null });
    return this.#take();
  }

  /** From `idle` or `lost`: somebody else had the port, so the board may be anywhere, even reading a program by raw-paste. */
  estranged(): void {
    this.#mustBe("estranged", "idle", "lost");
    this.#state = idle({ boardReadsProgram: true });
  }

  /** Bytes from the board, in any cuts. */
  receive(chunk: Uint8Array): readonly Effect[] {
    if (this.#request) {
      this.#request = { ...this.#request, excerpt: excerptWith(this.#request.excerpt, chunk) };
      this.#startTimer("silence", this.#request.deadlines.silenceMs);
    }
    let rest = chunk;
    while (rest.length > 0) rest = rest.subarray(this.#consume(rest));
    return this.#take();
  }

  /** A timer that an effect started has ended. */
  timerFired(timer: TimerName): readonly Effect[] {
    if (timer === "pace") this.#paceFired(this.#state);
    else if (this.#request) this.#timedOut(timer, this.#request, this.#state);
    return this.#take();
  }

  #paceFired(state: State): void {
    if (state.name === "running") state.run.paceFired();
    else if (state.name === "interrupting") this.#askForRaw(false, state.interruptsLeft);
    else if (state.name === "entering" && state.interruptsLeft > 0) this.#interrupt(state.interruptsLeft);
  }

  #timedOut(timer: "silence" | "deadline", request: Request, state: State): void {
    if (state.name === "leaving" && state.parting !== null && timer === "silence") {
      this.#part(state.parting, null);
    } else if (state.name === "leaving") {
      this.#left(null);
    } else if (state.name === "parting") {
      this.#left(state.prompt);
    } else if (state.name === "entering" && state.endProgram && timer === "silence") {
      this.#startTimer("silence", request.deadlines.silenceMs);
      this.#endReading(state);
    } else if (state.name === "entering" && !state.askedAgain && endsInPrompt(request.excerpt)) {
      this.#writeEnterRaw();
      this.#startTimer("silence", request.deadlines.silenceMs);
      this.#state = { ...state, askedAgain: true };
    } else if (state.name === "entering" && state.interruptsLeft > 0 && timer === "silence") {
      this.#interrupt(state.interruptsLeft);
    } else {
      this.#fail(timeoutFailure(timer, request, this.state));
    }
  }

  /** Uses up at least one byte of `bytes` and says how many. */
  #consume(bytes: Uint8Array): number {
    const state = this.#state;
    switch (state.name) {
      case "idle":
      case "lost":
        return this.#listen(state, bytes);
      case "interrupting":
        return this.#unsolicited(bytes);
      case "ready":
        if (state.bootSeeker.seek(bytes).found) this.#finish(idle(), { kind: "restarted" });
        return this.#unsolicited(bytes);
      case "entering":
        return this.#seek(state.seeker, bytes, (found) => {
          if (found !== "pasteLine") this.#entered(found);
          else if (!state.endedPaste) {
            // What was asked is text of that paste now.
            this.#bannersDue = 0;
            this.#endReading({ ...state, endedPaste: true });
          }
        });
      case "running":
        return this.#runOn(state.run, bytes);
      case "leaving":
        return this.#seek(state.seeker, bytes, (found) => {
          const prompt = found === "custom" ? "repl" : found;
          if (state.parting !== null) this.#part(state.parting, prompt);
          else this.#left(prompt);
        });
      case "parting":
        return this.#seek(state.seeker, bytes, () => this.#left(state.prompt));
    }
  }

  #listen(state: State & { name: "idle" | "lost" }, bytes: Uint8Array): number {
    return this.#seek(state.listener, bytes, (found) => {
      if (found === "prompt") this.#effects.push({ kind: "prompt-seen" });
      else if (found === "softReboot" || found === "bootLoader") {
        this.#unsolicited(bytesOf(IDLE_SIGNS[found]));
        this.#effects.push({ kind: "restarted" });
      } else this.#entered(found);
    });
  }

  #entered(found: RawPrompt): void {
    const ps1 = this.#request && promptBefore(this.#request.excerpt);
    if (ps1) this.#customPrompt = ps1;
    this.#bannersDue = Math.max(0, this.#bannersDue - 1);
    const isAiorepl = found === "aiorepl" || found === "aioreplLf";
    this.#finish(ready(), { kind: "entered", prompt: isAiorepl ? "aiorepl" : "repl" });
  }

  #runOn(run: ProgramRun, bytes: Uint8Array): number {
    const used = run.consume(bytes);
    const { outcome } = run;
    if (outcome?.kind === "answered") this.#finish(ready(), outcome);
    else if (outcome?.kind === "failed") this.#fail(outcome.failure);
    this.#pasteRefused ||= run.pasteRefused;
    return used;
  }

  #seek<Name extends string>(
    seeker: ByteSeeker<Name>,
    bytes: Uint8Array,
    then: (found: Name) => void,
  ): number {
    return seekIn(seeker, bytes, (before) => this.#unsolicited(before), then);
  }

  #interrupt(interruptsLeft: number): void {
    this.#letGo();
    this.#write(INTERRUPT);
    this.#startTimer("pace", AFTER_INTERRUPT_MS);
    this.#state = { name: "interrupting", interruptsLeft: interruptsLeft - 1 };
  }

  #askForRaw(endProgram: boolean, interruptsLeft: number, question = ENTER_RAW): void {
    this.#letGo();
    this.#write(question);
    this.#bannersDue++;
    if (interruptsLeft > 0) this.#startTimer("pace", BETWEEN_INTERRUPTS_MS);
    const seeker = new ByteSeeker({ ...RAW_PROMPTS, pasteLine: PASTE_LINE });
    this.#state = {
      name: "entering",
      seeker,
      endProgram,
      endedPaste: false,
      askedAgain: false,
      interruptsLeft,
    };
  }

  #endReading(state: State & { name: "entering" }): void {
    this.#writeEnterRaw(END_PROGRAM);
    this.#state = { ...state, endProgram: false };
  }

  #writeEnterRaw(before: Uint8Array = NO_BYTES): void {
    this.#write(concatBytes([before, ENTER_RAW]));
    this.#bannersDue++;
  }

  #part(parting: Parting, prompt: Prompt | null): void {
    // Where no prompt was seen, Ctrl-B may have been lost; at the friendly prompt another one only greets again.
    const before = prompt === null ? Uint8Array.of(CTRL_B) : NO_BYTES;
    this.#write(concatBytes([before, parting.type]));
    if (this.#request) this.#startTimer("silence", this.#request.deadlines.silenceMs);
    this.#state = { name: "parting", seeker: new ByteSeeker({ sign: parting.sign }), prompt };
  }

  #fail(failure: Failure): void {
    this.#pasteRefused ||= this.state === "offering";
    const boardReadsProgram = this.#boardReadsProgram() && failure.kind !== "restarted";
    // Perhaps the beginning of the prompt that comes late.
    const held = this.#state.name === "entering" ? this.#state.seeker.release() : NO_BYTES;
    this.#finish(lost(boardReadsProgram), { kind: "failed", failure });
    if (held.length > 0) this.#consume(held);
  }

  #boardReadsProgram(): boolean {
    return this.#state.name === "running" && this.#state.run.boardReads;
  }

  #left(prompt: Prompt | null): void {
    this.#finish(idle(), { kind: "left", prompt });
  }

  #begin(deadlines: Deadlines): void {
    this.#request = { deadlines, excerpt: NO_BYTES };
    this.#startTimer("silence", deadlines.silenceMs);
    this.#startTimer("deadline", deadlines.deadlineMs);
  }

  #finish(next: State, report: Effect): void {
    this.#request = null;
    this.#state = next;
    for (const timer of ["silence", "deadline", "pace"] as const) {
      this.#effects.push({ kind: "stop-timer", timer });
    }
    this.#effects.push(report);
  }

  /** What was held back as the beginning of a prompt belongs to nothing that is asked from now on. */
  #letGo(): void {
    const held = heldBy(this.#state);
    if (held.length > 0) this.#unsolicited(held);
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
    if (!names.includes(this.state)) throw new Error(`RawRepl.${call}() in state ${this.state}`);
  }
}
