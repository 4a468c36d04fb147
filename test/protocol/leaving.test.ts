import { expect, test } from "vitest";
import { RawRepl } from "../../src/protocol/raw-repl.ts";
import { bytesOf } from "../../src/shared/bytes.ts";
import { drive } from "../support/drive-repl.ts";
import { FakeBoard } from "../support/fake-board.ts";

const deadlines = { silenceMs: 1_000, deadlineMs: 5_000 };
const softReset = { type: Uint8Array.of(4), sign: ": soft reboot" };

function atPrompt() {
  const board = new FakeBoard({ paste: "yes", run: () => ({ stdout: "" }) });
  const repl = new RawRepl();
  drive(repl, board, repl.enter(deadlines));
  return { board, repl };
}

test("where Ctrl-B got lost it is said once more before a soft reset, which would not run main.py in raw mode", () => {
  const { board, repl } = atPrompt();
  repl.leave(deadlines, softReset);
  drive(repl, board, repl.timerFired("silence"));
  expect(board.friendlyResets).toBe(1);
  expect(board.resets).toBe(0);
});

test("where only the prompt got lost, the second Ctrl-B does no harm", () => {
  const { board, repl } = atPrompt();
  repl.leave(deadlines, softReset);
  board.receive(bytesOf("\x02"));
  drive(repl, board, repl.timerFired("silence"));
  expect(board.friendlyResets).toBe(1);
  expect(board.resets).toBe(0);
});
