import type { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Effect, TimerName } from "../../src/protocol/raw-repl-effects.ts";
import type { FakeBoard } from "./fake-board.ts";

export type Cut = (bytes: Uint8Array) => readonly Uint8Array[];

export const whole: Cut = (bytes) => (bytes.length > 0 ? [bytes] : []);
export const byteByByte: Cut = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/**
 * Couples a machine to a fake board without time: writes go to the board, its answers come back in the given cuts,
 * the pace timer fires at once. Returns every effect that is not a write or a timer.
 */
export function drive(repl: RawRepl, board: FakeBoard, start: readonly Effect[], cut: Cut = whole): Effect[] {
  const reports: Effect[] = [];
  const running = new Set<TimerName>();
  const queue = [...start];
  for (;;) {
    const effect = queue.shift();
    if (!effect) {
      if (!running.delete("pace")) return reports;
      queue.push(...repl.timerFired("pace"));
      continue;
    }
    switch (effect.kind) {
      case "write":
        for (const chunk of cut(board.receive(effect.bytes))) queue.push(...repl.receive(chunk));
        break;
      case "start-timer":
        running.add(effect.timer);
        break;
      case "stop-timer":
        running.delete(effect.timer);
        break;
      default:
        reports.push(effect);
    }
  }
}
