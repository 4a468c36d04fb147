import fc from "fast-check";
import { expect, test } from "vitest";
import type { WatchedBoard, WatchView } from "../../../src/app/watch-view.ts";
import { type Canvas, widthOf } from "../../../src/cli/render/canvas.ts";
import { sparkline } from "../../../src/cli/render/sparkline.ts";
import { watchLines } from "../../../src/cli/render/watch.ts";
import { eventLines } from "../../../src/cli/render/watch-event.ts";
import {
  sampleAlert,
  sampleCollection,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../../support/samples.ts";

const plain = (columns: number): Canvas => ({ columns, color: false });
const nowMs = Date.parse(sampleTime) + 3_000;
const url = "http://127.0.0.1:7380";

function board(change: Partial<WatchedBoard> = {}): WatchedBoard {
  const { id, name, state } = sampleSnapshot();
  const heap = { totalBytes: 64_000, usedBytes: 24_000, freeBytes: 40_000, growableBytes: null };
  const lastReading = sampleReading({
    heap,
    largestFreeBytes: 30_000,
    utilization: 0.375,
    fragmentation: 0.25,
  });
  const trend = Array.from({ length: 60 }, (_, id) => ({ id, usedBytes: 20_000 + (id % 8) * 700 }));
  const readAtMs = Date.parse(sampleTime);
  return { id, name, state, lastReading, readIntervalMs: 10_000, readAtMs, trend, ...change };
}

const busy: WatchedBoard = board({
  id: "b",
  name: "porch",
  state: {
    kind: "busy",
    since: sampleTime,
    message: "A program holds the prompt. heapscope waits until it ends.",
  },
});

function view(change: Partial<WatchView> = {}): WatchView {
  return {
    connection: { kind: "live" },
    boards: [board()],
    alerts: [],
    unstored: false,
    silentMs: 500,
    ...change,
  };
}

const lines = (shown: WatchView, columns: number, rows = 40) =>
  watchLines({ view: shown, url, nowMs, rows }, plain(columns));

test("one line per board at 80 columns", () => {
  expect(lines(view({ boards: [board(), busy] }), 80)).toEqual([
    "  board      heap               used largest free    frag used lately       read",
    "● greenhouse ██████▒▒░░░░░░░  37.5 %     29.3 KiB  25.0 % ▆▇█▁▂▃▄▅▆▇█▁▂▃▄    3 s",
    expect.stringMatching(/^◐ porch {6}/),
    "",
    "◐ porch busy: A program holds the prompt. heapscope waits until it ends.",
    "",
    "live · http://127.0.0.1:7380 · Ctrl-C leaves",
  ]);
});

test("at 120 columns the state has a column of its own", () => {
  const [heading, first, second] = lines(view({ boards: [board(), busy] }), 120);
  expect(heading).toMatch(/state +read$/);
  expect(first).toMatch(/ ready +3 s$/);
  expect(second).toMatch(/ busy +3 s$/);
  expect(widthOf(first ?? "")).toBe(120);
});

test.each([30, 40, 50, 60, 70, 80, 100, 120, 200])(
  "at %i columns nothing is wider, whatever there is to show",
  (columns) => {
    const boards = [
      board({ name: "a board with a name that goes on and on and on" }),
      busy,
      board({ id: "c", lastReading: null, trend: [] }),
      board({
        id: "d",
        lastReading: {
          ...sampleReading({ largestFreeBytes: null, utilization: null, fragmentation: null }),
          at: null,
        },
      }),
    ];
    const connections: WatchView["connection"][] = [
      { kind: "live" },
      { kind: "replaying", behind: 12_345 },
      { kind: "waiting", reason: "The daemon does not answer.", retryInMs: 250 },
      { kind: "closed" },
    ];
    for (const connection of connections) {
      const shown = view({
        boards,
        connection,
        unstored: true,
        alerts: [sampleAlert(), sampleAlert({ severity: "critical" })],
      });
      for (const color of [false, true]) {
        const drawn = watchLines({ view: shown, url, nowMs, rows: 100 }, { columns, color });
        for (const line of drawn) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
        expect(
          drawn.filter((line) => /^\S+ ?[◌●◐]/.test(line) || /[◌●◐] /.test(line)).length,
        ).toBeGreaterThanOrEqual(boards.length);
      }
    }
  },
);

test("never more lines than the terminal has", () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(10), fc.integer({ min: 4, max: 30 }), (count, alerts, rows) => {
      const boards = Array.from({ length: count }, (_, id) => board({ id: `${id}` }));
      const shown = view({
        boards,
        alerts: Array.from({ length: alerts }, (_, id) => sampleAlert({ rule: `r${id}` })),
      });
      const drawn = lines(shown, 80, rows);
      expect(drawn.length).toBeLessThanOrEqual(rows);
      expect(drawn.at(-1)).toContain("live");
    }),
  );
});

test("boards and notes that find no room are counted", () => {
  const boards = Array.from({ length: 9 }, (_, id) => board({ id: `${id}` }));
  expect(lines(view({ boards }), 80, 8).slice(-3)).toEqual([
    "  … 5 more lines",
    "",
    expect.stringContaining("live"),
  ]);
});

test("alerts stand below, with board, severity and rule", () => {
  const drawn = lines(
    view({ alerts: [sampleAlert(), sampleAlert({ boardId: "gone", severity: "critical", rule: "leak" })] }),
    120,
  );
  expect(drawn.slice(2, 5)).toEqual([
    "",
    "▲ gone critical leak: The heap is 97 % used. Free or preallocate memory before an allocation fails.",
    "▲ greenhouse warning heap-nearly-full: The heap is 97 % used. Free or preallocate memory before an allocation fails.",
  ]);
});

test("an alert shows the figure of a newer reading beside the one with which it fired", () => {
  const at = "2026-11-22T17:00:09.000Z";
  const drawn = (condition: string, change: Parameters<typeof sampleReading>[0] = {}) =>
    lines(
      view({
        boards: [board({ lastReading: sampleReading({ at, ...change }) })],
        alerts: [sampleAlert({ condition, message: "It was so." })],
      }),
      120,
    ).find((line) => line.startsWith("▲"));
  expect(drawn("utilization > 95 %")).toMatch(/It was so\. Now: 4 %\.$|It was so\. Now: 3\.6 %\.$/);
  expect(drawn("largestFreeBytes < 4 KiB for 3 readings")).toMatch(/Now: 231\.3 KiB\.$/);
  for (const condition of [
    "missed 3 readings",
    "usedBytes > 1 KiB after collection",
    "leakBytesPerHour > 1 KiB",
  ])
    expect(drawn(condition)).toMatch(/It was so\.$/);
  expect(drawn("usedBytes > 1 KiB after collection", { phase: "after-collect" })).toMatch(/Now: 8\.6 KiB\.$/);
  expect(drawn("usedBytes > 1 KiB", { at: "2026-11-22T16:00:00.000Z" })).toMatch(/It was so\.$/);
});

test("a lost connection is said, and no board looks as if it were watched", () => {
  const connection = { kind: "waiting", reason: "The daemon does not answer.", retryInMs: 250 } as const;
  const drawn = lines(view({ connection }), 80);
  expect(drawn[1]).toMatch(/^◌ greenhouse/);
  expect(drawn.at(-1)).toBe(
    "The daemon does not answer. Trying again · http://127.0.0.1:7380 · Ctrl-C leaves",
  );
});

test("a board that is to be read and is not looks late, with and without colour", () => {
  const lateBoard = board({ readAtMs: nowMs - 35_001 });
  const drawn = lines(view({ boards: [lateBoard, board({ id: "b", readAtMs: nowMs - 35_000 })] }), 120);
  expect(drawn[1]).toMatch(/^◐ greenhouse .* late +35 s$/);
  expect(drawn[2]).toMatch(/^● greenhouse .* ready +35 s$/);
  expect(drawn.slice(3, 5)).toEqual([
    "",
    "◐ greenhouse late: no reading for 35 s, though one is due every 10 s.",
  ]);
  for (const change of [{ readIntervalMs: null }, { state: busy.state }, { readAtMs: null }])
    expect(lines(view({ boards: [{ ...lateBoard, ...change }] }), 120).join()).not.toContain("late:");
});

test("a board whose helper reports looks read, and is late by the helper's own interval", () => {
  const state = { kind: "helper", since: sampleTime, message: "Its application reports by itself." } as const;
  const helped = board({ state, readIntervalMs: 300 });
  const shown = lines(view({ boards: [helped] }), 120);
  expect(shown[1]).toMatch(/^● greenhouse .* helper +3 s$/);
  expect(shown.join()).not.toContain("reports by itself");
  expect(lines(view({ boards: [{ ...helped, readAtMs: nowMs - 6_000 }] }), 120)).toContain(
    "◐ greenhouse late: no reading for 6 s, though one is due every 0.3 s.",
  );
});

test("in a pipe a reading says which place was marked, and no label reaches the terminal as it is", () => {
  const told = (mark: { readonly kind: "point" | "settled"; readonly label: string }) => {
    const data = sampleReading({
      helper: { run: "a", sequence: 1, ticksMs: 0, gcThreshold: null, peakBytes: null, idfHeap: null, mark },
    });
    return eventLines({ type: "reading", cursor: 1, data }, () => "b")[0];
  };
  expect(told({ kind: "point", label: "after\u001b[2J wifi" })).toMatch(/, mark after\\x1b\[2J wifi$/);
  expect(told({ kind: "settled", label: "parse" })).toMatch(/, mark parse \(settled\)$/);
  expect(told({ kind: "point", label: "" })).toMatch(/, mark \(no label\)$/);
});

test("a daemon that says nothing any more is told, and no board looks as if it were watched", () => {
  const silent = (silentMs: number, change: Partial<WatchView> = {}) =>
    lines(view({ silentMs, boards: [board(), board({ readIntervalMs: 60_000 })], ...change }), 80);
  expect(silent(22_000).at(-1)).toContain("live");
  const drawn = silent(22_001);
  expect(drawn[1]).toMatch(/^◌ greenhouse/);
  expect(drawn.at(-1)).toBe("no news for 22 s · http://127.0.0.1:7380 · Ctrl-C leaves");
  // Where nothing is read, a mark comes every 30 s.
  expect(silent(45_000, { boards: [busy] }).at(-1)).toContain("live");
  expect(silent(45_001, { boards: [] }).at(-1)).toContain("no news for 45 s");
});

test.each([{ kind: "connecting" }, { kind: "replaying", behind: 3 }] as const)(
  "no board looks as if it were watched while $kind",
  (connection) => {
    expect(lines(view({ connection }), 80)[1]).toMatch(/^◌ greenhouse/);
  },
);

test("what history cannot take is said; no board yet is said, too", () => {
  expect(lines(view({ unstored: true }), 100)).toContain(
    "! The daemon cannot store readings just now: they wait in memory until it can.",
  );
  expect(lines(view({ boards: [] }), 80).at(-1)).toContain("live, no board yet");
});

test("colours grade what is close to its end", () => {
  const full = board({ lastReading: sampleReading({ utilization: 0.97, fragmentation: 0.6 }) });
  const [, line = ""] = watchLines(
    { view: view({ boards: [full] }), url, nowMs, rows: 9 },
    { columns: 100, color: true },
  );
  expect(line).toContain("\u001b[38;5;167m97.0 %");
  expect(line).toContain("\u001b[38;5;178m60.0 %");
});

test("a sparkline shows the last values between least and greatest, and no noise as a mountain", () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, 0)).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([9, 1, 8], 2, 0)).toBe("▁█");
  expect(sparkline([5], 4, 0)).toBe("   ▁");
  expect(sparkline([], 3, 0)).toBe("   ");
  expect(sparkline([1000, 1001, 1000], 3, 100)).toBe("▁▁▁");
});

test("in a pipe each event is a line: when, which board, what kind, what it says", () => {
  const nameOf = (id: string) => (id === sampleSnapshot().id ? "greenhouse" : id);
  const told = (message: Parameters<typeof eventLines>[0]) => eventLines(message, nameOf);
  expect([
    ...told({ type: "snapshot", boards: [sampleSnapshot()], alerts: [sampleAlert()], cursor: 1 }),
    ...told({ type: "reading", cursor: 2, data: sampleReading() }),
    ...told({ type: "reading", cursor: 5, coalesced: 2, data: sampleReading() }),
    ...told({ type: "collection", cursor: 6, data: sampleCollection() }),
    ...told({ type: "missed", cursor: 7, data: sampleMissed() }),
    ...told({ type: "alert", cursor: 8, data: sampleAlert({ state: "resolved" }) }),
    ...told({ type: "unstored", event: "missed", data: sampleMissed({ boardId: "b" }) }),
    ...told({ type: "gap", oldest: 9 }),
  ]).toEqual([
    `${sampleTime}  greenhouse  board  ready: Answers, and is read every 10 s.`,
    `${sampleTime}  greenhouse  alert  firing warning heap-nearly-full: ${sampleAlert().message}`,
    `${sampleTime}  greenhouse  reading  used 8.6 KiB of 240.1 KiB (3.6 %), largest free 231.3 KiB, fragmentation <0.1 %`,
    `${sampleTime}  greenhouse  reading  used 8.6 KiB of 240.1 KiB (3.6 %), largest free 231.3 KiB, fragmentation <0.1 %, 2 older ones left out`,
    `${sampleTime}  greenhouse  collection  reclaimed 4.0 KiB, largest free +1.0 KiB, pause 3.25 ms`,
    `${sampleTime}  greenhouse  missed  answer-silent: ${sampleMissed().detail}`,
    `${sampleTime}  greenhouse  alert  resolved warning heap-nearly-full: ${sampleAlert().message}`,
    `${sampleTime}  b  missed (not stored)  answer-silent: ${sampleMissed().detail}`,
    "-  *  gap  events have been forgotten in between; the boards as they are now follow",
  ]);
});
