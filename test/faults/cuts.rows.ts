import { expect } from "vitest";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import type { StateName } from "../../src/protocol/raw-repl-effects.ts";
import { type Bench, FACTOR } from "./bench.ts";
import type { Row } from "./row.ts";
import { statesAlong } from "./states.ts";
import type { Blow } from "./strike.ts";
import { sweep } from "./sweep.ts";

/** How many positions of an exchange are tried, from its first byte to its last. */
const POSITIONS = 9;

const spread = (length: number, count = POSITIONS): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / (count - 1)));

function stall(seconds: number, limits: { readonly lost: number; readonly recoverMs: number }): Row {
  return {
    fault: `stall of ${seconds} s`,
    run: (policy) =>
      sweep(policy, limits, ({ text }) =>
        spread(text.length).map((at) => ({
          to: "board's output",
          plan: [{ kind: "stall", at, ms: (seconds * 1_000) / FACTOR }],
          at,
        })),
      ),
  };
}

/** Long enough for every request to have failed several times. */
const FOREVER_MS = 20_000;

async function endOfStall(bench: Bench): Promise<number> {
  await bench.pass(FOREVER_MS);
  await bench.board.setFaults([]);
  return bench.nowMs();
}

const stallForEver: Row = {
  fault: "stall for ever, ended after 20 s",
  run: (policy) =>
    sweep(policy, { lost: 40, recoverMs: 40_000 }, ({ text }) =>
      spread(text.length, 5).map((at) => ({
        to: "board's output",
        plan: [{ kind: "stall", at, ms: null }],
        at,
        after: endOfStall,
      })),
    ),
};

const AWAY_MS = 3_000;
/** Within which app/watch-ports sees a port that came back. */
const LOOK_MS = 1_000;

async function replug(bench: Bench): Promise<number> {
  await bench.until("the port is gone", () => !bench.wire.isOpen);
  await bench.pass(AWAY_MS);
  await bench.board.replug();
  const sinceMs = bench.nowMs();
  await bench.pass(LOOK_MS);
  bench.watched.returned(bench.snapshot.port);
  return sinceMs;
}

/** The same, and once more when the new connection looks for the prompt. */
async function replugTwice(bench: Bench): Promise<number> {
  await bench.until("the port is gone", () => !bench.wire.isOpen);
  await bench.board.setFaults([{ kind: "unplug", at: 4 }]);
  await bench.board.replug();
  await bench.until("it is open again", () => bench.wire.isOpen);
  return replug(bench);
}

/** What the machine goes through with each policy; `ready` is the time between two exchanges. */
const statesOf: Readonly<Record<WhenBusy, readonly StateName[]>> = {
  skip: ["offering", "window", "paste-ending", "stdout", "traceback", "prompt"],
  interrupt: [
    "interrupting",
    "entering",
    "offering",
    "window",
    "paste-ending",
    "stdout",
    "traceback",
    "prompt",
  ],
  restart: [
    ...([
      "interrupting",
      "entering",
      "offering",
      "window",
      "paste-ending",
      "stdout",
      "traceback",
      "prompt",
    ] as const),
    ...(["leaving", "parting"] as const),
  ],
  resume: [
    ...(["interrupting", "entering", "offering", "window", "pasting", "paste-ending", "stdout"] as const),
    ...(["traceback", "prompt", "leaving", "parting"] as const),
  ],
};

const unplugged: Row = {
  fault: "unplugged for 3 s, in every state of the protocol",
  run: (policy) =>
    sweep(policy, { lost: 20, recoverMs: 20_000 }, ({ text }) => {
      const states = statesAlong(policy, text);
      expect([...states.keys()].sort()).toEqual([...statesOf[policy]].sort());
      const unplug = (at: number, after: typeof replug): Blow => ({
        to: "board's output",
        plan: [{ kind: "unplug", at }],
        at,
        restarts: true,
        after,
      });
      const inStates = [...states.values(), text.length].map((at) => unplug(at, replug));
      return [...inStates, unplug(text.length, replugTwice)];
    }),
};

const resetInDump: Row = {
  fault: "reset during a dump",
  run: (policy) =>
    sweep(
      policy,
      // Where the program prints all the time, only the 60 s that a map may take tell that the answer will not end.
      { lost: 70, recoverMs: 70_000 },
      ({ text }) => {
        const begin = text.indexOf("stack:");
        return spread(text.lastIndexOf("\r\n") - begin, 4).map(
          (at): Blow => ({
            to: "board's output",
            plan: [{ kind: "reset", at: begin + at }],
            restarts: true,
            at: begin + at,
          }),
        );
      },
      { maps: true },
    ),
};

export const cutRows: readonly Row[] = [
  stall(0.6, { lost: 2, recoverMs: 6_000 }),
  stall(5, { lost: 12, recoverMs: 20_000 }),
  stallForEver,
  unplugged,
  resetInDump,
];
