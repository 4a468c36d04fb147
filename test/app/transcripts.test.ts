import { expect, test } from "vitest";
import { caseNames, readCase } from "../support/transcript-case.ts";
import { playToDaemon } from "../support/transcript-daemon.ts";

const cases = caseNames().map(readCase);

test.each(cases.filter(({ daemon }) => daemon !== null))(
  "the daemon makes of $name what is expected",
  async ({ wires, config, daemon }) => {
    expect(await playToDaemon(wires, config)).toEqual(daemon);
  },
);

test("a host that says anything else than the recorded one is found out", async () => {
  const { wires, config } = readCase("emulated-map-and-collect");
  const changed = wires.map((wire) => ({
    ...wire,
    steps: wire.steps.map((step) => ({ ...step, text: step.text.replace("m(1)", "m(2)") })),
  }));
  await expect(playToDaemon(changed, config)).rejects.toThrow(
    /^connection 1, line \d+: recorded is ".*m\(2\).*, but the host wrote /,
  );
});
