import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { openBoardConsole } from "../../src/board/board-console.ts";
import { Session } from "../../src/board/session.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { firmware } from "../support/fake-firmware.ts";
import { fakePort } from "../support/fake-port.ts";
import { ManualClock, settle } from "../support/manual-clock.ts";

function connected() {
  const port = fakePort(new FakeBoard({ paste: "yes", run: firmware().run }));
  return { port, session: new Session(port, { clock: new ManualClock() }) };
}

test("consoles opened and closed one after the other leave no listener behind", async () => {
  const { session } = connected();
  for (let count = 0; count < 20; count++) (await openBoardConsole(session, () => {})).close();
  expect(getEventListeners(session.gone, "abort")).toEqual([]);
});

test("a port that goes closes its console, with the reason", async () => {
  const { session, port } = connected();
  const console = await openBoardConsole(session, () => {});
  port.unplug();
  await settle();
  expect(await console.closed).toContain("port is gone");
});
