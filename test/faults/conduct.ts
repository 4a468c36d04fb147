import { expect } from "vitest";
import type { WhenBusy } from "../../src/board/when-busy.ts";
import type { EmulatedBoardOptions } from "../../src/emulator/emulated-board.ts";
import type { Bench } from "./bench.ts";

const APPS = `${import.meta.dirname}/apps`;
const ASYNCIO = `${import.meta.dirname}/../support/apps/asyncio-counter`;
const CTRL_D = 4;

/** The situation in which a policy matters, and what it promises there. */
export interface Conduct {
  /** The board: at its prompt for `skip`, with a program that holds it for the others. */
  readonly board: EmulatedBoardOptions;
  /** Waits until the next exchange would be a whole one, Ctrl-C and all. Nothing is under way when it resolves. */
  calm(bench: Bench): Promise<void>;
  /** Lets the exchange begin, where `calm` held it back. */
  go(bench: Bench): void;
  /** Of what came since the host's first byte: up to where the board is left alone again. */
  exchangeIn(text: string): string;
  /**
   * Waits until the program is as the policy promises, after a reading was stored. Fails where it never is. `restarted`:
   * the fault itself restarted the board.
   */
  kept(bench: Bench, restarted: boolean): Promise<void>;
}

/** The next reading, and all that belongs to it. */
async function nextReading(bench: Bench): Promise<void> {
  const count = bench.stored.length;
  await bench.until("a reading", () => bench.stored.length > count);
}

const upTo = (text: string, sign: string, from = 0): string => {
  const at = text.indexOf(sign, from);
  return at < 0 ? text : text.slice(0, at + sign.length);
};
const answerEnd = "\x04\x04>";
const wholeAnswer = (text: string): string => upTo(text, answerEnd, text.indexOf("stack:"));

const skip: Conduct = {
  board: { app: null },
  calm: nextReading,
  go: () => {},
  exchangeIn: wholeAnswer,
  async kept(bench, restarted) {
    expect(bench.wire.interrupts, "Ctrl-C under skip").toBe(0);
    if (!restarted) expect(bench.wire.boardText).not.toContain("soft reboot");
  },
};

/** No exchange is under way so long after one. */
const BETWEEN_READINGS_MS = 300;
const consoles = new WeakMap<Bench, () => void>();

const interrupt: Conduct = {
  board: { app: `${APPS}/beats.py` },
  /** The program was stopped for good: somebody starts it again at the console. */
  async calm(bench) {
    consoles.get(bench)?.();
    await nextReading(bench);
    await bench.pass(BETWEEN_READINGS_MS);
    const console = await bench.watched.openConsole(() => {});
    bench.wire.mark();
    await console.write(Uint8Array.of(CTRL_D));
    await bench.until("main.py runs", () => bench.wire.boardText.includes("boot\r\n"));
    consoles.set(bench, () => console.close());
  },
  go: (bench) => consoles.get(bench)?.(),
  exchangeIn: wholeAnswer,
  async kept(bench) {
    const length = bench.wire.boardText.length;
    await nextReading(bench);
    expect(bench.wire.boardText.slice(length), "the program stays stopped").not.toMatch(/beat|boot/);
  },
};

const restart: Conduct = {
  board: { app: `${APPS}/beats.py` },
  async calm(bench) {
    await nextReading(bench);
    bench.wire.mark();
    await bench.until("main.py runs", () => bench.wire.boardText.includes("beat 1\r\n"));
  },
  go: () => {},
  exchangeIn: (text) => upTo(text, "soft reboot\r\n"),
  async kept(bench) {
    const length = bench.wire.boardText.length;
    const after = (): string => bench.wire.boardText.slice(length);
    await bench.until("main.py runs again", () => /boot\r\n(.*\r\n)*beat 1\r\n/.test(after()), 10_000);
  },
};

const beats = (text: string): readonly number[] =>
  [...text.matchAll(/beat (\d+)\r\n/g)].map(([, count]) => Number(count));
const hitTask = /File "main.py", line \d+, in beat\r\n(.*\r\n)*KeyboardInterrupt/;
const lastBeat = new WeakMap<Bench, number>();

const resume: Conduct = {
  board: { app: `${APPS}/asyncio-beats.py`, filesDir: ASYNCIO },
  async calm(bench) {
    await nextReading(bench);
    bench.wire.mark();
    await bench.until("the loop goes on", () => beats(bench.wire.boardText).length > 0);
    lastBeat.set(bench, beats(bench.wire.boardText).at(-1) ?? 0);
  },
  go: () => {},
  exchangeIn: (text) => upTo(text, "run_forever()\r\n", text.indexOf(answerEnd)),
  async kept(bench, restarted) {
    const length = bench.wire.boardText.length;
    const after = (): readonly number[] => beats(bench.wire.boardText.slice(length));
    await bench.until("the loop goes on again", () => after().length > 0, 10_000);
    // A Ctrl-C that meets a task in its step ends that task, and this application has one only.
    if (restarted || hitTask.test(bench.wire.recentText)) return;
    expect(bench.wire.boardText, "main.py was started").not.toContain("boot\r\n");
    expect(after().at(-1), "the counter went on").toBeGreaterThan(lastBeat.get(bench) ?? 0);
  },
};

export const conducts: Readonly<Record<WhenBusy, Conduct>> = { skip, interrupt, restart, resume };
