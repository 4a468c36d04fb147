import { afterEach, expect, test } from "vitest";
import { READ } from "../../src/board/programs.ts";
import { type Exchange, Session } from "../../src/board/session.ts";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { parseMemInfo } from "../../src/heap/parse-mem-info.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";

const boards: EmulatedBoard[] = [];
const sessions: Session[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(boards.splice(0).map((board) => board.stop()));
});

async function connect(): Promise<{ board: EmulatedBoard; session: Session }> {
  const board = await startEmulatedBoard({ app: null });
  boards.push(board);
  const session = new Session(await openPort(board.url), { clock: systemClock });
  sessions.push(session);
  return { board, session };
}

const patient = { silenceMs: 2_000, deadlineMs: 5_000 };
/** A board answers within 2 ms. The test waits for real, so it waits shortly. */
const brief = { silenceMs: 120, deadlineMs: 5_000 };

/** All but the offer, the program and its end mark. */
function bytesFromBoard(exchange: Exchange): number {
  return exchange.wireBytes - READ.length - 4;
}

test("a real exchange cut after any byte ends in an error with a cause, and the next one succeeds", async () => {
  const first = await connect();
  await first.session.run(READ, patient);
  const boardBytes = bytesFromBoard(await first.session.run(READ, patient));
  // Most of the time each waits for silence.
  const workers = [first, ...(await Promise.all(Array.from({ length: 7 }, connect)))];
  let next = 0;
  const outcomes: { readonly cut: number; readonly code: string }[] = [];

  await Promise.all(
    workers.map(async ({ board, session }) => {
      await session.run(READ, patient);
      for (let cut = next++; cut < boardBytes; cut = next++) {
        await board.setFaults([{ kind: "drop-rest", at: cut }]);
        const code = await session.run(READ, brief).then(
          // The figures have more or fewer digits each time, so the last cuts may lie behind the end.
          (exchange) => (bytesFromBoard(exchange) <= cut ? "behind the end" : "no error"),
          (error: { readonly code: string }) => error.code,
        );
        outcomes.push({ cut, code });
        await board.setFaults([]);
        const after = await session.run(READ, patient);
        expect(parseMemInfo(after.stdout), `after a cut at ${cut}`).toMatchObject([
          { kind: "record" },
          { kind: "record" },
        ]);
      }
    }),
  );
  expect(outcomes).toHaveLength(boardBytes);
  expect(outcomes.filter(({ code }) => !/^answer-(silent|late)$|^behind the end$/.test(code))).toEqual([]);
}, 60_000);

test("a board unplugged in mid-answer ends the exchange at once, with that cause", async () => {
  const { board, session } = await connect();
  await session.run(READ, patient);
  await board.setFaults([{ kind: "unplug", at: 60 }]);
  await expect(session.run(READ, patient)).rejects.toMatchObject({ code: "port-vanished" });
});

test("a board that resets in mid-answer is told as reset, and answers again", async () => {
  const { board, session } = await connect();
  await session.run(READ, patient);
  await board.setFaults([{ kind: "reset", at: 60 }]);
  await expect(session.run(READ, patient)).rejects.toMatchObject({ code: "board-reset" });
  expect(parseMemInfo((await session.run(READ, patient)).stdout)).toMatchObject([
    { kind: "record" },
    { kind: "record" },
  ]);
});
