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
  return "It answers at its prompt and is read on its interval.";
}

/** Why a board whose prompt is held is left alone, where the error's own text does not know. */
export function busyMessage(text: string, { policy, watchdogAfterMs }: InterruptLicence): string {
  if (watchdogAfterMs === null) {
    return policy === "skip"
      ? `${text} To have it interrupted, set whenBusy for this board; it is read by itself as soon as the program ends.`
      : text;
  }
  const seconds = Math.max(1, Math.round(watchdogAfterMs / 1000));
  return `A program holds the prompt. The board restarted within ${seconds} s after heapscope had interrupted it: a watchdog, it seems. It is not interrupted any more. Use whenBusy: restart, which keeps the program away for a moment only, or skip; "heapscope attach" tries again.`;
}

export function restartsMessage(restarts: number, text: string): string {
  return `It restarts again and again, ${restarts} times so far. Look at what its program prints (heapscope console), and at its power supply. Now: ${text}`;
}
