import type { Fault } from "../../src/emulator/faults.ts";
import type { Row } from "./row.ts";
import type { Blow } from "./strike.ts";
import { sweep } from "./sweep.ts";

const STEP = 37;

/** Every so many bytes of the dump, in turn. */
function damages(begin: number, end: number): readonly Fault[] {
  const faults: Fault[] = [];
  for (let at = begin; at < end; at += STEP) {
    faults.push({ kind: "drop", at }, { kind: "double", at: at + 7 }, { kind: "garble", at: at + 14 });
  }
  return faults;
}

export const mapRows: readonly Row[] = [
  {
    fault: "1 byte of a map lost, doubled or garbled",
    run: (policy) =>
      sweep(
        policy,
        { lost: 8, recoverMs: 10_000 },
        ({ text }) =>
          damages(text.indexOf("stack:"), text.indexOf("\x04", text.indexOf("stack:"))).map(
            (fault): Blow => ({
              to: "board's output",
              plan: [fault],
              at: "at" in fault ? fault.at : 0,
            }),
          ),
        { maps: true },
      ),
  },
];
