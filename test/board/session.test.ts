import { describe, expect, test } from "vitest";
import * as programs from "../../src/board/programs.ts";
import { Session } from "../../src/board/session.ts";
import { bytesOf, utf8Text } from "../../src/shared/bytes.ts";
import { FakeBoard, type FakeBoardOptions } from "../support/fake-board.ts";
import { firmware } from "../support/fake-firmware.ts";
import { cutAfter, fakePort, straight } from "../support/fake-port.ts";
import { ManualClock, settle } from "../support/manual-clock.ts";

const deadlines = { silenceMs: 1_000, deadlineMs: 5_000 };

function session(options: Partial<FakeBoardOptions> = {}) {
  const board = new FakeBoard({ paste: "yes", run: firmware().run, ...options });
  const port = fakePort(board);
  const clock = new ManualClock();
  return { board, port, clock, session: new Session(port, { clock }) };
}

async function outcome<T>(promise: Promise<T>, clock: ManualClock) {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(10_000);
  return settled;
}

test("run enters raw mode by itself and counts both directions", async () => {
  const { session: s, board } = session();
  const exchange = await s.run(programs.READ, deadlines);
  expect(utf8Text(exchange.stdout)).toContain("GC: total: 173056");
  expect(exchange.wireBytes).toBe(
    // offer + program + end, reply with window and credit + ack + answer + end marks and prompt
    3 + programs.READ.length + 1 + 5 + 1 + exchange.stdout.length + 3,
  );
  expect(board.ran).toEqual([programs.READ]);
});

test("close leaves the friendly prompt and the port closed, twice without harm", async () => {
  const { session: s, board, port } = session();
  await s.run(programs.READ, deadlines);
  await s.close();
  await s.close();
  expect(board.mode).toBe("friendly");
  expect(port.isOpen).toBe(false);
});

test("close without a single exchange writes nothing to the board", async () => {
  const { session: s, board } = session();
  await s.close();
  expect(board.received).toEqual([]);
});

test("no timer is left after an exchange or after closing", async () => {
  const { session: s, clock } = session();
  await s.run(programs.READ, deadlines);
  expect(clock.pending).toBe(0);
  await s.close();
  expect(clock.pending).toBe(0);
});

describe("faults", () => {
  test("silence at the prompt ends in no-prompt", async () => {
    const { session: s, port, clock } = session();
    port.wire = () => [];
    expect(await outcome(s.run(programs.READ, deadlines), clock)).toMatchObject({
      error: { code: "no-prompt" },
    });
  });

  test("talk without a prompt ends in not-micropython, with what was said", async () => {
    const { session: s, port, clock } = session();
    port.wire = () => [bytesOf("$GPGGA,123519,4807.038,N")];
    const result = await outcome(s.run(programs.READ, deadlines), clock);
    expect(result).toMatchObject({ error: { code: "not-micropython" } });
    expect(String("error" in result && result.error)).toContain("GPGGA");
  });

  test("an unplugged port rejects the running exchange and all later ones", async () => {
    const { session: s, port, clock } = session();
    port.wire = cutAfter(40);
    const running = expect(s.run(programs.READ, deadlines)).rejects.toMatchObject({ code: "port-vanished" });
    await settle();
    port.unplug();
    await running;
    expect(clock.pending).toBe(0);
    await expect(s.run(programs.READ, deadlines)).rejects.toMatchObject({ code: "port-vanished" });
  });

  test("a stream without end runs into the deadline", async () => {
    const { session: s, port, clock } = session();
    await s.run(programs.READ, deadlines);
    const spam = bytesOf("spam ");
    port.wire = (bytes) => (bytes === spam ? [bytes] : []);
    const running = expect(s.run(programs.READ, deadlines)).rejects.toMatchObject({ code: "answer-late" });
    for (let count = 0; count < 12; count++) {
      port.print(spam);
      await clock.advance(500);
    }
    await running;
  });

  test("output cut after any byte is an error with a cause, and the next exchange succeeds", async () => {
    const whole = session();
    await whole.session.run(programs.READ, deadlines);
    const wireBytes = (await whole.session.run(programs.READ, deadlines)).wireBytes;
    for (let keep = 0; keep < wireBytes - programs.READ.length - 4; keep++) {
      const { session: s, port, clock, board } = session();
      await s.run(programs.READ, deadlines);
      port.wire = cutAfter(keep);
      const cut = await outcome(s.run(programs.READ, deadlines), clock);
      expect(cut, `cut after ${keep}`).toMatchObject({
        error: { code: expect.stringMatching(/^answer-|^board-reset/) },
      });
      port.wire = straight;
      const next = await outcome(s.run(programs.READ, deadlines), clock);
      expect(next, `cut after ${keep}`).not.toHaveProperty("error");
      expect(board.resets).toBe(0);
    }
  });
});
