import { describe, expect, test } from "vitest";
import { seeded } from "../heap/support.ts";
import { byteByByte, type Cut, whole } from "../support/drive-repl.ts";
import { caseNames, readCase } from "../support/transcript-case.ts";
import { playToMachine } from "../support/transcript-machine.ts";

function randomCuts(seed: number): Cut {
  const random = seeded(seed);
  return (bytes) => {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random() ** 3 * 300);
      chunks.push(bytes.subarray(at, end));
      at = end;
    }
    return chunks;
  };
}

describe.each(caseNames())("%s", (name) => {
  const { wires, machine } = readCase(name);

  test.each<[string, Cut]>([
    ["whole", whole],
    ["byte by byte", byteByByte],
    ["at random cuts", randomCuts(1)],
    ["at other random cuts", randomCuts(2)],
  ])("the machine writes what was written and reports what is expected, %s", (_, cut) => {
    expect(wires.map((wire) => playToMachine(wire, cut))).toEqual(machine);
  });
});

test("a machine that writes anything else than the recorded host is found out", () => {
  const [wire] = readCase("microbit-plain").wires;
  const steps = wire!.steps.map((step) =>
    step.text === "\x05A\x01" ? { ...step, text: "\x05B\x01" } : step,
  );
  expect(() => playToMachine({ ...wire!, steps }, whole)).toThrow(/^line \d+: recorded is "\\u0005B/);
});
