import { expect } from "vitest";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import type { EmulatedBoardOptions } from "../../src/emulator/emulated-board.ts";
import { appFolder } from "../support/apps/app-folder.ts";
import { openSerialClient } from "../support/serial-client.ts";
import { askApp } from "./ask-app.ts";
import { Bench } from "./bench.ts";
import { conducts } from "./conduct.ts";
import type { Outcome } from "./outcome.ts";
import type { Row } from "./row.ts";
import { suspectsWatchdog } from "./strike.ts";

const MINUTE_MS = 60_000;
/** A restart takes the emulated board 15 ms and more, which the fast clock makes a part of a second. */
const INTERVAL_MS = 2_000;
const WHILE_MS = 30_000;

/** Watches an application for a while. */
async function watchApp(
  policy: WhenBusy,
  board: EmulatedBoardOptions,
  look: (bench: Bench) => Promise<Outcome>,
): Promise<Outcome> {
  const bench = await Bench.open({ policy, board, intervalMs: INTERVAL_MS });
  try {
    return await look(bench);
  } finally {
    await bench.close();
  }
}

/** Under `skip` a held prompt is waited for. */
async function expectBusy(bench: Bench, forMs: number): Promise<void> {
  await bench.pass(forMs);
  const { kind, message } = bench.snapshot.state;
  expect(kind, message).toBe("busy");
  expect(bench.stored).toEqual([]);
  expect(bench.wire.interrupts).toBe(0);
}

/** Readings come. How soon the first one does is what it takes to find out that the prompt is held, and who the board is. */
async function expectReadings(bench: Bench, forMs: number): Promise<Outcome> {
  // What was overlapped until then is told with the second one.
  await bench.until("two readings", () => bench.stored.length > 1);
  const [{ atMs: firstMs } = { atMs: Number.NaN }] = bench.stored;
  const [storedBefore, missedBefore] = [bench.stored.length, bench.missed.length];
  await bench.pass(forMs);
  const lost = bench.missed.length - missedBefore;
  const read = bench.stored.length - storedBefore;
  expect(read).toBeGreaterThan((forMs / INTERVAL_MS) * 0.6);
  expect(["ready", "aiorepl"]).toContain(bench.snapshot.state.kind);
  return { text: "reads on", lost: `${lost} of ${read + lost} lost`, recoverMs: firstMs };
}

const held: Row = {
  fault: "none; a program holds the prompt",
  run: (policy) => {
    const board = conducts[policy === "skip" ? "restart" : policy].board;
    return watchApp(policy, board, async (bench) => {
      if (policy !== "skip") return expectReadings(bench, WHILE_MS);
      await expectBusy(bench, WHILE_MS);
      return { text: "`busy`" };
    });
  },
};

const input: Row = {
  fault: "an application with `input()`",
  run: (policy) =>
    watchApp(policy, { filesDir: appFolder("input-app") }, async (bench) => {
      if (policy !== "skip") {
        const outcome = await expectReadings(bench, WHILE_MS);
        if (policy !== "resume") return outcome;
        expect(bench.snapshot.state.message).toContain("no asyncio loop");
        return { ...outcome, text: "restarts it, says so" };
      }
      await expectBusy(bench, MINUTE_MS);
      const questions = bench.wire.fromHost.bytes / "\r\x01".length;
      const [empty = Number.NaN, answers] = await askApp(bench, ["empty", "len(answers)", "ends"]);
      expect(answers, "answers that are not empty").toBe(empty);
      // Each question is asked half as often as the one before. One more line is for taking the last one back at the end.
      expect(questions).toBeLessThanOrEqual(7);
      expect(empty).toBeLessThanOrEqual(2 * questions + 1);
      return { text: "`busy`; each question is 2 empty lines to it" };
    }),
};

const starts = (bench: Bench): number => bench.wire.boardText.split("watchdog starts").length - 1;
const softResets = (bench: Bench): number => bench.wire.boardText.split("soft reboot").length - 1;

const watchdog: Row = {
  fault: "an application with a watchdog of 20 s",
  run: (policy) =>
    watchApp(policy, { filesDir: appFolder("watchdog") }, async (bench) => {
      switch (policy) {
        case "skip":
          await expectBusy(bench, MINUTE_MS);
          expect(starts(bench), "restarts").toBeLessThanOrEqual(1);
          return { text: "`busy`" };
        case "interrupt": {
          await bench.until("a reading", () => bench.stored.length > 0);
          await bench.until("a suspicion", () => suspectsWatchdog(bench));
          const interrupts = bench.wire.interrupts;
          await bench.pass(MINUTE_MS);
          expect(suspectsWatchdog(bench)).toBe(true);
          expect(bench.wire.interrupts, "Ctrl-C").toBe(interrupts);
          return { text: "reads until it bites, then `busy`, says so" };
        }
        case "restart":
        case "resume": {
          const outcome = await expectReadings(bench, MINUTE_MS);
          // The first one may have been before the port was open.
          expect(starts(bench), "starts that were not asked for").toBeLessThanOrEqual(softResets(bench) + 1);
          return policy === "restart" ? outcome : { ...outcome, text: "restarts it, says so" };
        }
      }
    }),
};

const littleLeft: Row = {
  fault: "a heap with 4 KB left",
  run: (policy) =>
    watchApp(policy, { app: `${import.meta.dirname}/apps/little-left.py` }, async (bench) => {
      if (policy !== "skip") {
        const outcome = await expectReadings(bench, WHILE_MS);
        for (const { reading } of bench.stored) {
          expect(reading.heap.totalBytes).toBe(64_000);
          expect(reading.heap.freeBytes).toBeLessThan(6_144);
        }
        return outcome;
      }
      await expectBusy(bench, WHILE_MS);
      return { text: "`busy`" };
    }),
};

const full: Row = {
  fault: "a heap with 0 bytes left, at the prompt",
  run: (policy) =>
    watchApp(policy, { filesDir: appFolder("nearly-full") }, async (bench) => {
      await bench.pass(WHILE_MS);
      const { kind, message } = bench.snapshot.state;
      expect(kind, message).toBe("ready");
      expect(message).toContain("MemoryError");
      // One, where the board was so slow to start that its program seemed to hold the prompt.
      expect(softResets(bench)).toBeLessThanOrEqual(policy === "restart" || policy === "resume" ? 1 : 0);
      expect(bench.stored).toEqual([]);
      return { text: "`ready`, says that its heap is full; nothing is read" };
    }),
};

const aiorepl: Row = {
  fault: "an application with aiorepl",
  async run(policy) {
    const board = { filesDir: appFolder("aiorepl-app"), heapBytes: 1_048_576 };
    const bench = await Bench.open({ policy, board, intervalMs: INTERVAL_MS, watched: false });
    try {
      const client = await openSerialClient(bench.board.path);
      await client.waitFor("--> ");
      await client.close();
      bench.watch();
      const outcome = await expectReadings(bench, WHILE_MS);
      expect(bench.snapshot.state.kind).toBe("aiorepl");
      expect(bench.wire.interrupts, "Ctrl-C").toBe(0);
      expect(bench.wire.boardText).not.toContain("soft reboot");
      return outcome;
    } finally {
      await bench.close();
    }
  },
};

export const appRows: readonly Row[] = [held, input, watchdog, littleLeft, full, aiorepl];
