import { describe, expect, test } from "vitest";
import { dropsAtClose, lineSteps, type ModemLines, type PortKind } from "../../src/transport/modem-lines.ts";

const both: ModemLines = { dtr: true, rts: true };
const none: ModemLines = { dtr: false, rts: false };
const kinds: readonly PortKind[] = ["native", "bridge", "unknown"];
const values = [true, false, undefined] as const;
const wishes = values.flatMap((dtr) => values.map((rts) => ({ dtr, rts })));

test("native USB gets both asserted; a bridge and the unknown are left as opening left them", () => {
  expect(lineSteps("native", {})).toEqual([both]);
  expect(lineSteps("bridge", {})).toEqual([]);
  expect(lineSteps("unknown", {})).toEqual([]);
});

describe.each(kinds)("on a port of kind %s", (kind) => {
  test("one line named is both named: they differ only where somebody says so", () => {
    expect(lineSteps(kind, { dtr: false }).at(-1)).toEqual(none);
    expect(lineSteps(kind, { rts: false }).at(-1)).toEqual(none);
    expect(lineSteps(kind, { dtr: true }).at(-1)).toEqual(both);
    expect(lineSteps(kind, { dtr: true, rts: false }).at(-1)).toEqual({ dtr: true, rts: false });
  });

  test("no state on the way is reset (RTS alone), unless that very state is asked for", () => {
    for (const wish of wishes) {
      if (wish.dtr === false && wish.rts === true) continue;
      for (const { dtr, rts } of lineSteps(kind, wish)) expect([wish, rts && !dtr]).toEqual([wish, false]);
    }
  });

  test("only one line changes at a time", () => {
    for (const wish of wishes) {
      let before = both;
      for (const step of lineSteps(kind, wish)) {
        expect(Number(step.dtr !== before.dtr) + Number(step.rts !== before.rts)).toBeLessThan(2);
        before = step;
      }
    }
  });
});

test("at the close native USB is told that nobody listens, a bridge sees no edge, the rest stays as it is", () => {
  expect(kinds.map(dropsAtClose)).toEqual([true, false, null]);
});
