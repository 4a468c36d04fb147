import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { openLiveScreen } from "../../src/cli/live-screen.ts";
import { ManualClock } from "../support/manual-clock.ts";

class FakeTerminal extends EventEmitter {
  readonly written: string[] = [];
  takes = true;

  write(text: string): boolean {
    this.written.push(text);
    return this.takes;
  }

  /** What was written since the last call, escape codes shown. */
  shown(): string {
    return this.written.splice(0).join("").replaceAll("\u001b", "^");
  }
}

function screen() {
  const clock = new ManualClock();
  const terminal = new FakeTerminal();
  let lines = ["one", "two"];
  const live = openLiveScreen(terminal, clock, () => lines);
  return {
    clock,
    terminal,
    live,
    show: (...next: string[]) => {
      lines = next;
      live.touch();
    },
  };
}

test("draws over the frame before in one write, and erases what is left of it", async () => {
  const { clock, terminal, show } = screen();
  expect(terminal.shown()).toBe("^[?25lone^[K\ntwo^[K\n^[J");
  show("three");
  await clock.advance(100);
  expect(terminal.written).toHaveLength(1);
  expect(terminal.shown()).toBe("^[2Fthree^[K\n^[J");
});

test("draws at most ten times a second however much changes, and once a second when nothing does", async () => {
  const { clock, terminal, show } = screen();
  terminal.shown();
  for (let count = 0; count < 100; count++) {
    show(`${count}`);
    await clock.advance(10);
  }
  expect(terminal.written.length).toBe(10);
  terminal.shown();
  await clock.advance(3000);
  expect(terminal.written.length).toBe(3);
});

test("a terminal that does not take what it gets is not written to until it does", async () => {
  const { clock, terminal, show } = screen();
  terminal.takes = false;
  show("a");
  await clock.advance(100);
  terminal.shown();
  show("b");
  await clock.advance(5000);
  expect(terminal.written).toEqual([]);
  terminal.takes = true;
  terminal.emit("drain");
  await clock.advance(1000);
  expect(terminal.shown()).toContain("b^[K");
});

test("a resize draws anew from the top", () => {
  const { terminal } = screen();
  terminal.shown();
  terminal.emit("resize");
  expect(terminal.shown()).toBe("^[2J^[Hone^[K\ntwo^[K\n^[J");
});

test("stop draws the last state, gives the cursor back and leaves nothing behind", async () => {
  const { clock, terminal, live } = screen();
  terminal.shown();
  live.stop();
  live.stop();
  expect(terminal.shown()).toBe("^[2Fone^[K\ntwo^[K\n^[J^[?25h");
  await clock.advance(10_000);
  expect([terminal.written.length, clock.pending, terminal.listenerCount("resize")]).toEqual([0, 0, 0]);
});
