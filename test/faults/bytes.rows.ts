import type { Fault } from "../../src/emulator/faults.ts";
import type { Row } from "./row.ts";
import { sweep } from "./sweep.ts";
import type { HostFault } from "./wire.ts";

type Kind = HostFault["kind"];

const kinds = ["drop", "double", "garble"] as const;
const words: Readonly<Record<Kind, string>> = { drop: "lost", double: "doubled", garble: "garbled" };

/**
 * At a prompt every byte is hit. Where an exchange has Ctrl-C, a restart and more, every so many, from another one on for
 * each kind of fault: they take minutes otherwise.
 */
const STEP = { skip: 1, interrupt: 11, restart: 9, resume: 9 } as const;
const HOST_STEP = { skip: 1, interrupt: 3, restart: 2, resume: 5 } as const;
const OFFSET = { drop: 0, double: 3, garble: 6 } as const;
/** A lost byte may cost a silence of 2 s, and the prompt 1.5 s more, at readings every second. */
const LIMITS = { lost: 8, recoverMs: 10_000 };

/**
 * Every `step`th position of `text`. Those of the offer of raw-paste and of its acceptance come last: without them the
 * connection goes on without raw-paste, and what the other positions did then would be tried nowhere.
 */
function positions(text: string, step: number, offset: number): readonly number[] {
  const all = Array.from({ length: text.length }, (_, at) => at).filter((at) => at % step === offset % step);
  const isOfOffer = (at: number): boolean =>
    ["\x05", "A\x01", "R\x01"].some((part) => text.slice(Math.max(0, at - 1), at + 2).includes(part));
  return [...all.filter((at) => !isOfOffer(at)), ...all.filter(isOfOffer)];
}

function byteFault(kind: Kind, at: number): Fault {
  switch (kind) {
    case "drop":
      return { kind, at };
    case "double":
      return { kind, at };
    case "garble":
      return { kind, at };
  }
}

function fromBoard(kind: Kind): Row {
  return {
    fault: `1 byte from the board ${words[kind]}`,
    run: (policy) =>
      sweep(policy, LIMITS, ({ text }) =>
        positions(text, STEP[policy], OFFSET[kind]).map((at) => ({
          to: "board's output",
          plan: [byteFault(kind, at)],
          at,
        })),
      ),
  };
}

function toBoard(kind: Kind): Row {
  return {
    fault: `1 byte to the board ${words[kind]}`,
    run: (policy) =>
      sweep(policy, LIMITS, ({ hostText }) =>
        positions(hostText, HOST_STEP[policy], OFFSET[kind]).map((at) => ({
          to: "host's output",
          fault: { kind, at },
          // A second Ctrl-D at a raw prompt is a soft reset.
          restarts: kind === "double" && hostText[at] === "\x04",
        })),
      ),
  };
}

export const byteRows: readonly Row[] = [...kinds.map(fromBoard), ...kinds.map(toBoard)];
