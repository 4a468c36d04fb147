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

const run: Step = (repl) => repl.run(short, deadlines);
const findLoop: Step = (repl) => repl.run(long, deadlines);
const part =
  (sign: string): Step =>
  (repl) =>
    repl.leave(deadlines, { type: bytesOf("x"), sign });

/** What an exchange consists of from its raw prompt on. */
const steps: Readonly<Record<WhenBusy, readonly Step[]>> = {
  skip: [run],
  interrupt: [run],
  restart: [run, part(": soft reboot\r\n")],
  resume: [run, findLoop, part("run_forever()\r\n")],
};

/**
 * At which byte of an exchange the machine enters each of its states, found by letting it go through `text` once more from
 * the raw prompt on. Before that a Ctrl-C may have had to be repeated, and more than one question may be answered.
 */
export function statesAlong(policy: WhenBusy, text: string): ReadonlyMap<StateName, number> {
  const found = new Map<StateName, number>();
  let begin = 0;
  if (policy !== "skip") {
    const entering = text.lastIndexOf(`${BANNER}R\x01`);
    found.set("interrupting", text.indexOf("Traceback"));
    found.set("entering", entering);
    begin = entering + BANNER.length;
  }
  const repl = new RawRepl();
  repl.enter(deadlines);
  repl.receive(bytesOf(BANNER));
  const left = [...steps[policy]];
  left.shift()?.(repl);
  Buffer.from(text.slice(begin), "latin1").forEach((byte, at) => {
    if (!found.has(repl.state)) found.set(repl.state, begin + at);
    const ends = repl.receive(Uint8Array.of(byte)).some(({ kind }) => kind === "answered" || kind === "left");
    if (ends) left.shift()?.(repl);
  });
  return found;
}
