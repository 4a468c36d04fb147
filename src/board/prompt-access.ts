import type { Parting } from "../protocol/raw-repl-effects.ts";
import { bytesOf, utf8Text } from "../shared/bytes.ts";
import type { Clock } from "../shared/clock.ts";
import { type ErrorCode, HeapscopeError } from "../shared/errors.ts";
import type { InterruptLicence } from "./interrupt-licence.ts";
import { FIND_ASYNCIO_LOOP, resumeLine } from "./programs.ts";
import type { Session } from "./session.ts";

/** What a program that holds the prompt makes of the question for it. */
const heldPrompt: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "no-prompt",
  "prompt-unfinished",
  "not-micropython",
]);

/** Ctrl-D at the friendly prompt. In raw mode it would reset too, but then main.py does not run. */
const SOFT_RESET: Parting = { type: Uint8Array.of(0x04), sign: ": soft reboot" };
/** How often it is asked which loop goes on, before main.py is started instead. */
const FIND_TRIES = 3;
const QUICK = { silenceMs: 2_000, deadlineMs: 5_000 };

/** Gets a board's prompt for an exchange and gives it back, as the board's policy says. One per connection. */
export class PromptAccess {
  readonly #session: Session;
  readonly #licence: InterruptLicence;
  readonly #clock: Clock;
  readonly #mayInterrupt: () => boolean;
  /** A program was stopped for the exchange and has to be set going again. */
  #owesProgram = false;
  /** We set a program going: asking gently would only put bytes into its input. */
  #programRuns = false;
  #couldNotResume = false;

  /** `mayInterrupt`: whether nothing beside the policy is against it. */
  constructor(
    session: Session,
    licence: InterruptLicence,
    clock: Clock,
    mayInterrupt: () => boolean = () => true,
  ) {
    this.#mayInterrupt = mayInterrupt;
    this.#session = session;
    this.#licence = licence;
    this.#clock = clock;
  }

  /** With `resume`: there was no asyncio loop to continue, so the program was restarted instead. */
  get couldNotResume(): boolean {
    return this.#couldNotResume;
  }

  /** The program that was set going has ended, or may have: one that waits at its prompt is not interrupted. */
  askGently(): void {
    this.#programRuns = false;
  }

  /** Runs `act` at the board's prompt. Throws what getting there or `act` ends in; the prompt is given back in any case. */
  async use<Result>(act: () => Promise<Result>): Promise<Result> {
    const interrupts = await this.#take();
    try {
      const result = await act();
      if (!interrupts) this.#licence.stillStopped();
      return result;
    } finally {
      await this.finish();
    }
  }

  /** Sets a program going again that was stopped for an exchange. Never throws; does nothing where none was. */
  async finish(): Promise<void> {
    if (!this.#owesProgram || this.#session.gone.aborted) return;
    try {
      // After a failed exchange the machine does not know where the board stands.
      if (!this.#session.atPrompt) await this.#session.enter("gentle");
      const parting = await this.#parting();
      // Before it leaves: that the program has ended may be heard in the same breath.
      this.#programRuns = true;
      if (!(await this.#session.leave(parting))) {
        // The board restarted at the last moment, perhaps in raw mode, where main.py does not run.
        this.#programRuns = false;
        return;
      }
    } catch {
      // The board does not answer; the next exchange finds its prompt, and gives it back then.
      return;
    }
    this.#owesProgram = false;
    this.#licence.setGoing();
  }

  /** Whether it took an interrupt. */
  async #take(): Promise<boolean> {
    if (this.#session.atPrompt) {
      // Nobody asked for raw mode since the program was set going: it never was. At a raw prompt Ctrl-D runs no main.py.
      this.#owesProgram ||= this.#programRuns;
      this.#programRuns = false;
      return false;
    }
    // One with aiorepl may have been interrupted before it came to that; it answers by itself once it has.
    if (this.#programRuns && this.#licence.mayInterrupt && !this.#session.hasAiorepl) {
      await this.#interrupt();
      return true;
    }
    try {
      await this.#session.enter("gentle");
      return false;
    } catch (error) {
      if (!(error instanceof HeapscopeError) || !heldPrompt.has(error.code)) throw error;
      // Where the program was stopped for good, it can only be running again after a restart.
      this.#licence.restarted(this.#clock.monotonicMs());
      if (!this.#licence.mayInterrupt || !this.#mayInterrupt()) throw error;
      await this.#interrupt();
      return true;
    }
  }

  async #interrupt(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    // Also where no prompt comes in time: when it comes late, the program has been stopped all the same.
    this.#owesProgram = this.#licence.policy !== "interrupt";
    await this.#session.enter("interrupt");
    this.#licence.stopped(nowMs);
    this.#programRuns = false;
  }

  async #parting(): Promise<Parting> {
    if (this.#licence.policy !== "resume") return SOFT_RESET;
    const module = await this.#findLoop();
    this.#couldNotResume = module === "";
    if (this.#couldNotResume) return SOFT_RESET;
    const line = resumeLine(module);
    return { type: bytesOf(`${line}\r`), sign: `${line}\r\n` };
  }

  /**
   * The module whose loop can go on, `""` where there is none. That has to be said twice: a byte that the question lost on
   * its way can make it look in the wrong place.
   */
  async #findLoop(): Promise<string> {
    let nones = 0;
    for (let tries = 0; tries < FIND_TRIES && nones < 2; tries++) {
      const { stdout, traceback } = await this.#session.run(FIND_ASYNCIO_LOOP, QUICK);
      const answer = utf8Text(stdout);
      // Other lines are what a thread or a driver prints.
      const found = traceback.length === 0 ? /^(u?asyncio)\r?$/m.exec(answer)?.[1] : undefined;
      if (found) return found;
      if (traceback.length === 0 && answer.trim() === "") nones++;
    }
    return "";
  }
}
