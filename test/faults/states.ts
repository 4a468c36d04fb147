import type { WhenBusy } from "../../src/board/when-busy.ts";
import { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Effect, StateName } from "../../src/protocol/raw-repl-effects.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

const deadlines = { silenceMs: 1_000, deadlineMs: 1_000 };
/** Longer than a window and its credit, as the question for the asyncio loop is; the others go out at once. */
const short = bytesOf("print(1)");
const long = bytesOf("#".repeat(200));

const BANNER = "raw REPL; CTRL-B to exit\r\n>";

type Step = (repl: RawRepl) => readonly Effect[];

const interrupt: Step = (repl) => repl.enter(deadlines, "interrupt");
const run: Step = (repl) => repl.run(short, deadlines);
const findLoop: Step = (repl) => repl.run(long, deadlines);
const part =
  (sign: string): Step =>
  (repl) =>
    repl.leave(deadlines, { type: bytesOf("x"), sign });

/** What an exchange consists of, and where its first step begins in what the board says. */
const steps: Readonly<Record<Exclude<WhenBusy, "interrupt">, readonly Step[]>> = {
  skip: [run],
  restart: [interrupt, run, part(": soft reboot\r\n")],
  resume: [interrupt, run, findLoop, part("run_forever()\r\n")],
};

/** At which byte of an exchange the machine enters each of its states, found by letting it go through `text` once more. */
export function statesAlong(policy: WhenBusy, text: string): ReadonlyMap<StateName, number> {
  if (policy === "interrupt") return statesWithInterrupt(text);
  const repl = new RawRepl();
  const found = new Map<StateName, number>();
  const left = [...steps[policy]];
  // Before `skip` asks, the board is at its raw prompt.
  if (policy === "skip") {
    repl.enter(deadlines);
    repl.receive(bytesOf(BANNER));
  }
  left.shift()?.(repl);
  Buffer.from(text, "latin1").forEach((byte, at) => {
    // What was interrupted has ended; the question follows.
    if (repl.state === "interrupting" && text.startsWith("\r\n>>> \r\nraw REPL", at)) repl.timerFired("pace");
    if (!found.has(repl.state)) found.set(repl.state, at);
    const ends = repl
      .receive(Uint8Array.of(byte))
      .some(({ kind }) => kind === "entered" || kind === "answered" || kind === "left");
    if (ends) left.shift()?.(repl);
  });
  return found;
}

/** There the prompt was asked for gently before, in vain, and some of that is answered when the program has ended. */
function statesWithInterrupt(text: string): ReadonlyMap<StateName, number> {
  const entering = text.lastIndexOf(`${BANNER}R\x01`);
  const begin = entering + BANNER.length;
  const later = [...statesAlong("skip", text.slice(begin))].map(
    ([state, at]) => [state, begin + at] as const,
  );
  return new Map<StateName, number>([
    ["interrupting", text.indexOf("Traceback")],
    ["entering", entering],
    ...later,
  ]);
}
