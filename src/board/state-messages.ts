import type { Prompt } from "../protocol/raw-repl-effects.ts";
import type { InterruptLicence } from "./interrupt-licence.ts";
import type { PromptAccess } from "./prompt-access.ts";

/** What a board in state `ready` or `aiorepl` is told as. */
export function readyMessage(prompt: Prompt, licence: InterruptLicence, access: PromptAccess): string {
  if (prompt === "aiorepl")
    return "Its application runs with aiorepl, which stands still only for the length of each answer.";
  if (licence.policy === "restart" || (licence.policy === "resume" && access.couldNotResume)) {
    const why = access.couldNotResume
      ? " There was no asyncio loop to continue, so whenBusy: restart is what it needs."
      : "";
    return `It is read on its interval. A program that holds the prompt is stopped for that, then main.py starts again.${why}`;
  }
  if (licence.policy === "resume")
    return "It is read on its interval. A program that holds the prompt is stopped for that, then its asyncio loop goes on.";
  return licence.hasStoppedProgram
    ? "It is read on its interval. Its program was stopped with Ctrl-C for that (whenBusy: interrupt), and stays so until somebody starts it."
    : "It answers at its prompt and is read on its interval.";
}

/**
 * Why a board whose prompt is held is left alone. `text`: the error's own; `isMicroPython`: which it doubts where there is
 * nothing to doubt.
 */
export function busyMessage(text: string, isMicroPython: boolean, licence: InterruptLicence): string {
  const { policy, watchdogAfterMs } = licence;
  if (watchdogAfterMs !== null) {
    const seconds = Math.max(1, Math.round(watchdogAfterMs / 1000));
    const instead =
      policy === "interrupt"
        ? "Use whenBusy: restart, which keeps the program away for a moment only, or skip"
        : "Use whenBusy: skip";
    return `A program holds the prompt. The board restarted within ${seconds} s after heapscope had interrupted it: a watchdog, it seems. It is not interrupted any more. ${instead}; "heapscope attach" tries again.`;
  }
  const why = isMicroPython ? "A program holds the prompt, and heapscope does not interrupt it." : text;
  return policy === "skip"
    ? `${why} It is read as soon as the program ends; whenBusy says what else may be done.`
    : why;
}

export function restartsMessage(restarts: number, text: string): string {
  return `It restarts again and again, ${restarts} times so far. Look at what its program prints (heapscope console), and at its power supply. Now: ${text}`;
}
