import { expect, test } from "vitest";
import { caseNames, readCase } from "../support/transcript-case.ts";
import { playToDaemon } from "../support/transcript-daemon.ts";

test.each(caseNames())("the daemon makes of %s what is expected", async (name) => {
  const { wires, config, daemon } = readCase(name);
  expect(await playToDaemon(wires, config)).toEqual(daemon);
});
