import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Deadlines, Effect } from "../../src/protocol/raw-repl-effects.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";
import { byteByByte, type Cut, drive, whole } from "../support/drive-repl.ts";
import { FakeBoard, type FakeBoardOptions } from "../support/fake-board.ts";

const deadlines: Deadlines = { silenceMs: 1_000, deadlineMs: 5_000 };
const softReset = { type: Uint8Array.of(4), sign: ": soft reboot" };
const echo = (source: string) => ({ stdout: `ran ${source.length}` });

function connected(options: Partial<FakeBoardOptions> = {}, cut: Cut = whole) {
  const board = new FakeBoard({ paste: "yes", run: echo, ...options });
  const repl = new RawRepl();
  const reports = drive(repl, board, repl.enter(deadlines), cut);
  return { board, repl, reports };
}

function answerOf(reports: readonly Effect[]) {
  const answered = reports.find((effect) => effect.kind === "answered");
  if (!answered) throw new Error(`no answer among ${JSON.stringify(reports)}`);
  const { stdout, traceback, via } = answered.answer;
  return { stdout: latin1Text(stdout), traceback: latin1Text(traceback), via };
}

const kinds = (effects: readonly Effect[]) => effects.map((effect) => effect.kind);

describe.each([
  ["in one piece", whole],
  ["byte by byte", byteByByte],
])("an exchange that arrives %s", (_, cut) => {
  test("enters, runs by raw-paste and is ready again", () => {
    const { board, repl, reports } = connected({}, cut);
    expect(reports.at(-1)).toEqual({ kind: "entered", prompt: "repl" });
    const answer = answerOf(drive(repl, board, repl.run(bytesOf("print(1)"), deadlines), cut));
    expect(answer).toEqual({ stdout: "ran 8", traceback: "", via: "raw-paste" });
    expect(repl.state).toBe("ready");
  });

  test("keeps to the credit for a program of many windows", () => {
    const { board, repl } = connected({ windowBytes: 16 }, cut);
    const program = "x".repeat(1_000);
    drive(repl, board, repl.run(bytesOf(program), deadlines), cut);
    expect(board.ran).toEqual([program]);
  });

  test.each(["refused", "old-firmware"] as const)(
    "uses plain pieces when raw-paste is %s, and remembers",
    (paste) => {
      const { board, repl } = connected({ paste }, cut);
      const program = "y".repeat(700);
      expect(answerOf(drive(repl, board, repl.run(bytesOf(program), deadlines), cut)).via).toBe("plain");
      const before = board.received.length;
      drive(repl, board, repl.run(bytesOf("second"), deadlines), cut);
      expect(board.ran).toEqual([program, "second"]);
      expect(board.received.slice(before)).not.toContain(5);
    },
  );

  test("gives an exception as a traceback beside what was printed", () => {
    const run = () => ({ stdout: "before", traceback: "Traceback…\r\nValueError: no\r\n" });
    const { board, repl } = connected({ run }, cut);
    const answer = answerOf(drive(repl, board, repl.run(bytesOf("boom"), deadlines), cut));
    expect(answer.stdout).toBe("before");
    expect(answer.traceback).toContain("ValueError");
  });

  test("leaves at the friendly prompt", () => {
    const { board, repl } = connected({}, cut);
    const reports = drive(repl, board, repl.leave(deadlines), cut);
    expect(reports.at(-1)).toEqual({ kind: "left", prompt: "repl" });
    expect(board.mode).toBe("friendly");
    expect(repl.state).toBe("idle");
  });

  test("leaves with a soft reset, at the friendly prompt, so that main.py runs", () => {
    const { board, repl } = connected({}, cut);
    const reports = drive(repl, board, repl.leave(deadlines, softReset), cut);
    expect(reports).toContainEqual({ kind: "left", prompt: "repl" });
    expect(board.friendlyResets).toBe(1);
    expect(board.resets).toBe(0);
  });

  test("interrupts a program and enters", () => {
    const board = new FakeBoard({ paste: "yes", run: echo });
    board.startProgram("stops");
    const repl = new RawRepl();
    const reports = drive(repl, board, repl.enter(deadlines, "interrupt"), cut);
    expect(reports.at(-1)).toEqual({ kind: "entered", prompt: "repl" });
    expect(board.received).toEqual([3, 13, 1]);
  });

  test("knows aiorepl by its prompt, entering and leaving", () => {
    const { board, repl, reports } = connected({ aiorepl: true }, cut);
    expect(reports.at(-1)).toEqual({ kind: "entered", prompt: "aiorepl" });
    expect(drive(repl, board, repl.leave(deadlines), cut).at(-1)).toEqual({
      kind: "left",
      prompt: "aiorepl",
    });
  });

  test("gets out of a paste mode that another tool left, without running what is in it", () => {
    const board = new FakeBoard({ paste: "yes", run: echo });
    board.receive(bytesOf("\x05import os\rfor f in os.listdir():\r  os.remove(f)"));
    board.received = [];
    const repl = new RawRepl();
    expect(drive(repl, board, repl.enter(deadlines), cut).at(-1)).toEqual({
      kind: "entered",
      prompt: "repl",
    });
    expect(board.ran).toEqual([]);
    expect(board.received).not.toContain(3);
    expect(board.resets + board.friendlyResets).toBe(0);
  });

  test("runs a program after that also on old firmware, whose refusal is a raw banner", () => {
    const board = new FakeBoard({ paste: "old-firmware", run: echo });
    board.receive(bytesOf("\x05import os"));
    const repl = new RawRepl();
    drive(repl, board, repl.enter(deadlines), cut);
    expect(answerOf(drive(repl, board, repl.run(bytesOf("print(1)"), deadlines), cut)).via).toBe("plain");
  });

  test("learns a custom sys.ps1 on entering and knows it on leaving", () => {
    const { board, repl } = connected({ ps1: "mpy $ " }, cut);
    expect(drive(repl, board, repl.leave(deadlines), cut).at(-1)).toEqual({ kind: "left", prompt: "repl" });
  });
});

test("any cuts of any exchange give the same answer", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 400 }).map((text) => `x${text.replace(/[^ -~]/g, "_")}`),
      fc.string({ maxLength: 300 }).map((text) => text.replace(/[^ -~]/g, "\n")),
      fc.constantFrom("yes", "refused", "old-firmware") as fc.Arbitrary<FakeBoardOptions["paste"]>,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
      (program, stdout, paste, sizes) => {
        let turn = 0;
        const cut: Cut = (bytes) => {
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = sizes[turn++ % sizes.length]!;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          return chunks;
        };
        const { board, repl } = connected({ paste, run: () => ({ stdout }) }, cut);
        expect(answerOf(drive(repl, board, repl.run(bytesOf(program), deadlines), cut)).stdout).toBe(stdout);
        expect(board.ran).toEqual([program]);
      },
    ),
    { numRuns: 200 },
  );
});

describe("what belongs to no answer", () => {
  test("output between answers is unsolicited", () => {
    const { repl } = connected();
    expect(repl.receive(bytesOf("timer\r\n"))).toEqual([
      { kind: "unsolicited", bytes: bytesOf("timer\r\n") },
    ]);
    expect(repl.state).toBe("ready");
  });

  test("output before the paste reply does not disturb it", () => {
    const { board, repl } = connected();
    const offer = repl.run(bytesOf("print(1)"), deadlines);
    const reports = drive(repl, board, [...repl.receive(bytesOf("tick")), ...offer]);
    expect(answerOf(reports).stdout).toBe("ran 8");
    expect(kinds(reports)).toContain("unsolicited");
  });

  test("a boot banner at the raw prompt means the board restarted: raw mode is gone", () => {
    const { board, repl } = connected();
    expect(kinds(repl.receive(board.reset()))).toContain("restarted");
    expect(repl.state).toBe("idle");
    drive(repl, board, repl.enter(deadlines));
    expect(answerOf(drive(repl, board, repl.run(bytesOf("again"), deadlines))).stdout).toBe("ran 5");
  });

  test("a board that restarted unseen takes the offer for its paste mode, and is brought out of it", () => {
    const { board, repl } = connected();
    board.reset();
    const reports = drive(repl, board, repl.run(bytesOf("print(1)"), deadlines));
    expect(reports).toContainEqual(expect.objectContaining({ kind: "failed" }));
    expect(board.mode).toBe("friendly");
    drive(repl, board, repl.enter(deadlines));
    expect(repl.state).toBe("ready");
  });
});

describe("while nothing is asked", () => {
  function lost() {
    const repl = new RawRepl();
    repl.enter(deadlines);
    repl.timerFired("silence");
    return repl;
  }

  test("a raw prompt that comes late is an entry", () => {
    const repl = lost();
    expect(kinds(repl.receive(bytesOf("\r\nraw REPL; CTRL-B to exit\r\n>")))).toContain("entered");
    expect(repl.state).toBe("ready");
  });

  test("a raw prompt that is cut in two by the deadline is an entry", () => {
    const repl = new RawRepl();
    repl.enter(deadlines);
    repl.receive(bytesOf("noise\r\nraw REPL; CTRL-B"));
    repl.timerFired("silence");
    expect(kinds(repl.receive(bytesOf(" to exit\r\n>")))).toContain("entered");
  });

  test("a friendly prompt is noticed: what ran has ended", () => {
    expect(kinds(lost().receive(bytesOf("Traceback…\r\n>>> ")))).toContain("prompt-seen");
  });

  test.each(["MPY: soft reboot\r\n", "\r\nrst:0x1 (POWERON_RESET),boot:0x13"])("%j is a restart", (text) => {
    expect(kinds(lost().receive(bytesOf(text)))).toContain("restarted");
  });

  test("a line that somebody left half typed at a console is not run", () => {
    const { board, repl } = connected();
    drive(repl, board, repl.leave(deadlines));
    repl.estranged();
    board.receive(bytesOf("machine.reset()"));
    const reports = drive(repl, board, repl.enter(deadlines));
    expect(kinds(reports)).not.toContain("entered");
    expect(kinds(drive(repl, board, repl.timerFired("silence")))).toContain("entered");
    expect(board.typed).toEqual(["#machine.reset()"]);
  });

  test("a half-typed statement that used up the question is worth a second one, no third", () => {
    const repl = new RawRepl();
    repl.enter(deadlines);
    repl.receive(bytesOf("\r\n... \r\n>>> "));
    expect(repl.timerFired("silence")).toContainEqual({ kind: "write", bytes: Uint8Array.of(13, 1) });
    repl.receive(bytesOf("\r\n>>> "));
    expect(kinds(repl.timerFired("silence"))).toContain("failed");
  });

  test("a program that takes no notice of Ctrl-C gets three, then it is told", () => {
    const repl = new RawRepl();
    const written: number[] = [];
    const note = (effects: readonly Effect[]) => {
      for (const effect of effects) if (effect.kind === "write") written.push(...effect.bytes);
      return effects;
    };
    note(repl.enter(deadlines, "interrupt"));
    for (let turn = 0; turn < 5; turn++) note(repl.timerFired("pace"));
    expect(kinds(note(repl.timerFired("silence")))).toContain("failed");
    expect(written).toEqual([3, 13, 1, 3, 13, 1, 3, 13, 1]);
    expect(repl.timerFired("pace")).toEqual([]);
  });
});

describe("deadlines", () => {
  test("every request starts silence and deadline, and stops them when it ends", () => {
    const repl = new RawRepl();
    const started = repl.enter(deadlines).filter((effect) => effect.kind === "start-timer");
    expect(started).toEqual([
      { kind: "start-timer", timer: "silence", delayMs: 1_000 },
      { kind: "start-timer", timer: "deadline", delayMs: 5_000 },
    ]);
    const ended = repl.receive(bytesOf("raw REPL; CTRL-B to exit\r\n>"));
    expect(ended.filter((effect) => effect.kind === "stop-timer").map((effect) => effect.timer)).toEqual([
      "silence",
      "deadline",
      "pace",
    ]);
  });

  test("pieces that go out extend the silence: nothing can come before the last one", () => {
    const { repl, board } = connected({ paste: "refused" });
    drive(repl, board, repl.run(bytesOf("x"), deadlines));
    const sent = repl.run(bytesOf("y".repeat(100)), deadlines);
    expect(sent.filter((effect) => effect.kind === "start-timer").map((effect) => effect.timer)).toEqual([
      "silence",
      "deadline",
      "pace",
      "silence",
    ]);
  });

  test("bytes extend the silence, never the deadline", () => {
    const repl = new RawRepl();
    repl.enter(deadlines);
    expect(repl.receive(bytesOf("x"))[0]).toEqual({ kind: "start-timer", timer: "silence", delayMs: 1_000 });
    expect(
      repl
        .receive(bytesOf("y"))
        .some((effect) => effect.kind === "start-timer" && effect.timer === "deadline"),
    ).toBe(false);
  });

  test("silence and deadline fail with what was seen last", () => {
    for (const timer of ["silence", "deadline"] as const) {
      const repl = new RawRepl();
      repl.enter(deadlines);
      repl.receive(bytesOf("temperature 21"));
      const failed = repl.timerFired(timer).find((effect) => effect.kind === "failed");
      expect(failed?.failure).toMatchObject({
        kind: timer === "silence" ? "silent" : "late",
        state: "entering",
        saw: bytesOf("temperature 21"),
      });
      expect(repl.state).toBe("lost");
    }
  });

  test("a timer that fires after its request ended changes nothing", () => {
    const { repl } = connected();
    expect(repl.timerFired("silence")).toEqual([]);
    expect(repl.state).toBe("ready");
  });

  test("a boot banner in mid-answer is a restart, not silence", () => {
    const { board, repl } = connected();
    repl.run(bytesOf("x"), deadlines);
    for (const chunk of [bytesOf("R\x01\x80\x00\x01"), bytesOf("\x04GC: tot"), board.reset()])
      repl.receive(chunk);
    const failed = repl.timerFired("silence").find((effect) => effect.kind === "failed");
    expect(failed?.failure.kind).toBe("restarted");
  });

  test("an unanswered offer counts as a refusal for this connection", () => {
    const { repl, board } = connected();
    repl.run(bytesOf("x"), deadlines);
    repl.timerFired("silence");
    drive(repl, board, repl.enter(deadlines));
    expect(answerOf(drive(repl, board, repl.run(bytesOf("x"), deadlines))).via).toBe("plain");
  });

  test("a custom prompt costs the silence time on leaving, no more", () => {
    const { repl } = connected();
    repl.leave(deadlines);
    repl.receive(bytesOf("\r\n$ "));
    expect(repl.timerFired("silence").at(-1)).toEqual({ kind: "left", prompt: null });
  });

  test("an answer beyond the limit fails and is not kept", () => {
    const repl = new RawRepl({ maxAnswerBytes: 1_000, pieceBytes: 256, piecePauseMs: 10 });
    repl.enter(deadlines);
    repl.receive(bytesOf("raw REPL; CTRL-B to exit\r\n>"));
    repl.run(bytesOf("x"), deadlines);
    repl.receive(bytesOf("R\x01\x80\x00\x01\x04"));
    const effects = Array.from({ length: 11 }, () => repl.receive(bytesOf("z".repeat(100)))).flat();
    expect(effects.find((effect) => effect.kind === "failed")?.failure).toEqual({
      kind: "too-long",
      state: "stdout",
      limitBytes: 1_000,
    });
  });
});

describe("never harmful", () => {
  test("a request in the wrong state throws before anything is written", () => {
    const repl = new RawRepl();
    expect(() => repl.run(bytesOf("x"), deadlines)).toThrow("state idle");
    expect(() => repl.leave(deadlines)).toThrow("state idle");
    expect(() => repl.leave(deadlines, softReset)).toThrow("state idle");
  });

  test("output cut after any byte ends in a failure, and the next exchange succeeds without resetting the board", () => {
    const run = () => ({ stdout: "GC: total: 64000, used: 2256, free: 61744\r\n" });
    const full = connected({ run });
    const before = full.board.received.length;
    let exchangeBytes = 0;
    drive(full.repl, full.board, full.repl.run(bytesOf("mem_info()"), deadlines), (bytes) => {
      exchangeBytes += bytes.length;
      return whole(bytes);
    });
    expect(full.board.received.length).toBeGreaterThan(before);

    for (let keep = 0; keep < exchangeBytes; keep++) {
      const { board, repl } = connected({ run });
      let left = keep;
      const reports = drive(repl, board, repl.run(bytesOf("mem_info()"), deadlines), (bytes) => {
        const passed = bytes.subarray(0, left);
        left -= passed.length;
        return whole(passed);
      });
      expect(kinds(reports), `cut after ${keep}`).not.toContain("answered");
      expect(kinds(repl.timerFired("silence"))).toContain("failed");
      const back = [...drive(repl, board, repl.enter(deadlines))];
      if (repl.state === "entering") back.push(...drive(repl, board, repl.timerFired("silence")));
      expect(back.at(-1), `cut after ${keep}`).toEqual({ kind: "entered", prompt: "repl" });
      const answer = answerOf(drive(repl, board, repl.run(bytesOf("mem_info()"), deadlines)));
      expect(answer.stdout, `cut after ${keep}`).toBe(run().stdout);
      expect(board.resets, `cut after ${keep}`).toBe(0);
      expect(board.received).not.toContain(3);
    }
  });

  test("any bytes at any time never throw", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const { repl } = connected();
        repl.run(bytesOf("x = 1"), deadlines);
        for (const chunk of chunks) repl.receive(chunk);
        repl.timerFired("silence");
        expect(["ready", "lost", "idle"]).toContain(repl.state);
      }),
    );
  });
});
