import { expect, test } from "vitest";
import {
  attachedText,
  collectedText,
  minutesOf,
  readText,
  releasedText,
  wantsToken,
  whyNot,
} from "../../../src/dashboard/board/action-words.ts";
import { figuresText, worstFirst } from "../../../src/dashboard/board/alert-words.ts";
import { factsOf, newerCounts } from "../../../src/dashboard/board/facts.ts";
import { heapNote } from "../../../src/dashboard/board/heap-words.ts";
import { costsByLabel } from "../../../src/dashboard/board/mark-costs.ts";
import type { MarkEvent } from "../../../src/dashboard/marks/mark-events.ts";
import { problemText } from "../../../src/dashboard/parts/problem-text.ts";
import { heapscopeError } from "../../../src/shared/errors.ts";
import {
  sampleAlert,
  sampleCollection,
  sampleMap,
  sampleReading,
  sampleSnapshot,
  sampleTime,
} from "../../support/samples.ts";

const live = { kind: "live" } as const;

test("a collection is told in one sentence, whatever it did", () => {
  expect(collectedText(sampleCollection())).toBe(
    "Reclaimed 4.0 KiB in 3.25 ms; the largest free block grew by 1.0 KiB.",
  );
  expect(collectedText(sampleCollection({ largestFreeGainBytes: 0, pauseMs: null }))).toBe(
    "Reclaimed 4.0 KiB; the largest free block is as large as before.",
  );
  expect(collectedText(sampleCollection({ reclaimedBytes: -64, largestFreeGainBytes: -32 }))).toBe(
    "Collected in 3.25 ms, and reclaimed nothing (the board took 64 B meanwhile); the largest free block shrank by 32 B.",
  );
  expect(collectedText(sampleCollection({ reclaimedBytes: 0, largestFreeGainBytes: null }))).toBe(
    "Collected in 3.25 ms, and reclaimed nothing.",
  );
});

test("a reading with a map is told from one that has none", () => {
  expect(readText(sampleReading({ id: 12, map: sampleMap }))).toBe(
    "Read the map in 17.9 ms: 8.6 KiB of 240.1 KiB used, the largest free block is 231.3 KiB.",
  );
  expect(readText(sampleReading({ id: null, map: sampleMap }))).toMatch(
    /231\.3 KiB\. The daemon cannot store it just now, so the map on this page stays as it is\.$/,
  );
  expect(readText(sampleReading({ largestFreeBytes: null }))).toMatch(
    /^Took a reading without a map.*used\.$/,
  );
});

test("a release says for how long and what may be done", () => {
  expect(releasedText(sampleSnapshot(), 5)).toBe(
    "Released: other programs may open /dev/ttyACM0 now. It is attached again by itself in 5 min.",
  );
  expect(releasedText(sampleSnapshot(), null)).toMatch(/until it is attached again\.$/);
});

test("what attaching began is told so that it stays true", () => {
  const opening = {
    kind: "connecting",
    since: sampleTime,
    message: "Opening serial:/dev/ttyACM0 again.",
  } as const;
  expect(attachedText(sampleSnapshot({ state: opening }))).toBe(
    "Attached. It is read again as soon as it answers.",
  );
  expect(attachedText(sampleSnapshot())).toBe(`Attached. ${sampleSnapshot().state.message}`);
});

test("a daemon that is away is told in the page's words, not in those of its commands", () => {
  const text = problemText(heapscopeError("daemon-absent", { url: "http://h" }));
  expect(text).toMatch(/^The daemon gives no answer/);
  expect(text).not.toContain("--url");
});

test("of two counts the later one holds", () => {
  const { counts } = sampleSnapshot();
  const later = { ...counts, readings: counts.readings + 1 };
  expect(newerCounts(counts, later)).toBe(later);
  expect(newerCounts(later, counts)).toBe(later);
  expect(newerCounts(counts, undefined)).toBe(counts);
});

test("minutes are whole ones of a day", () => {
  expect(["5", " 1440 ", "0", "1441", "1.5", "-1", "", "5e1"].map(minutesOf)).toEqual([
    5,
    1440,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("a button that would do nothing says why", () => {
  const released = sampleSnapshot({ state: { ...sampleSnapshot().state, kind: "released" } });
  const unplugged = sampleSnapshot({ state: { ...sampleSnapshot().state, kind: "disconnected" } });
  expect(whyNot("collect", sampleSnapshot(), live)).toBeNull();
  expect(whyNot("attach", sampleSnapshot(), live)).toBe("It is attached.");
  expect(whyNot("release", released, live)).toBe("It is released.");
  expect(whyNot("read", released, live)).toMatch(/attach it first/);
  expect(whyNot("attach", released, live)).toBeNull();
  expect(whyNot("read", unplugged, live)).toBe("Its port is gone.");
  expect(whyNot("attach", released, { kind: "waiting", reason: "", retryInMs: 1 })).toMatch(/no connection/);
});

test("a token is offered where one would help, and only there", () => {
  const refused = (status: number, problem: string) =>
    heapscopeError("daemon-refused", { url: "http://h", detail: "", status, problem });
  expect(wantsToken(refused(401, "token-missing"))).toBe(true);
  expect(wantsToken(refused(403, "scope-missing"))).toBe(true);
  expect(wantsToken(refused(403, "origin-refused"))).toBe(false);
  expect(wantsToken(refused(409, "board-released"))).toBe(false);
  expect(wantsToken(heapscopeError("daemon-absent", { url: "http://h" }))).toBe(false);
});

test("alerts stand the worst first, then the oldest", () => {
  const alerts = [
    sampleAlert({ rule: "info", severity: "info" }),
    sampleAlert({ rule: "young", severity: "critical", since: "2026-11-22T18:00:00.000Z" }),
    sampleAlert({ rule: "old", severity: "critical" }),
  ];
  expect(worstFirst(alerts).map(({ rule }) => rule)).toEqual(["old", "young", "info"]);
});

test("an alert's figure is set beside the newest one", () => {
  const now = sampleReading({ utilization: 0.81 });
  expect(figuresText(sampleAlert(), now)).toBe("It was 97.0 % then, and is 81.0 % in the newest reading.");
  expect(figuresText(sampleAlert(), sampleReading({ utilization: 0.97 }))).toBe("");
  expect(figuresText(sampleAlert({ condition: "no reading for 60 s", value: 80 }), now)).toBe("");
  expect(figuresText(sampleAlert(), null)).toBe("");
});

test("a heap that grows and a firmware that tells little are said", () => {
  const { heap } = sampleReading();
  expect(heapNote(sampleReading())).toBe("");
  expect(heapNote(sampleReading({ heap: { ...heap, growableBytes: 4096 } }))).toMatch(/up to 4\.0 KiB more/);
  expect(heapNote(sampleReading({ largestFreeBytes: null }))).toMatch(/does not tell the largest free block/);
});

test("facts that are not known say so", () => {
  const known = new Map(factsOf(sampleSnapshot()));
  expect(known.get("Machine")).toBe("Raspberry Pi Pico with RP2040");
  const unknown = new Map(factsOf(sampleSnapshot({ facts: null, readIntervalMs: null, lastReading: null })));
  expect(unknown.get("Machine")).toMatch(/not known yet/);
  expect(unknown.get("Read every")).toBe("not known");
  expect(unknown.get("Board time per reading")).toBe("not known");
});

test("a helper's figures are among the facts, and what it does not tell is left out", () => {
  const helper = {
    ...{ run: "a1", sequence: 17, ticksMs: 0, mark: null, gcThreshold: null, peakBytes: null, idfHeap: null },
  };
  const state = { ...sampleSnapshot().state, kind: "helper" as const };
  const told = (change: Partial<NonNullable<ReturnType<typeof sampleReading>["helper"]>>) =>
    new Map(
      factsOf(
        sampleSnapshot({
          ...{ state, facts: null, readIntervalMs: 300 },
          lastReading: sampleReading({
            source: "helper",
            durationMs: null,
            helper: { ...helper, ...change },
          }),
        }),
      ),
    );
  const least = told({});
  expect(least.get("Platform")).toMatch(/reports by itself is not asked/);
  expect(least.get("Reports")).toBe("by itself, every 0.3 s");
  expect(least.get("Newest report")).toBe("number 17 since its helper started (run a1)");
  for (const name of ["Read every", "Collects by itself", "Most heap ever used", "ESP32 system heap"])
    expect(least.has(name), name).toBe(false);
  const region = { totalBytes: 2048, freeBytes: 1024, largestFreeBytes: 512, minimumFreeBytes: 256 };
  const most = told({
    gcThreshold: 4096,
    peakBytes: 2048,
    idfHeap: [region, { ...region, largestFreeBytes: 700 }],
  });
  expect(most.get("Collects by itself")).toMatch(/^after every 4\.0 KiB/);
  expect(most.get("Most heap ever used")).toBe("2.0 KiB");
  expect(most.get("ESP32 system heap")).toBe("2.0 KiB of 4.0 KiB free in 2 regions, the largest block 700 B");
  expect(most.get("… region 1")).toBe(
    "1.0 KiB of 2.0 KiB free, the largest block 512 B; never less than 256 B free",
  );
  expect(told({ gcThreshold: -1 }).get("Collects by itself")).toMatch(/finds no room/);
});

test("the collections of a board whose helper reports are its own business", () => {
  const board = sampleSnapshot({ state: { ...sampleSnapshot().state, kind: "helper" } });
  expect(whyNot("collect", board, live)).toMatch(/reports and collects by itself/);
  // Whether its helper answers a request, only the daemon knows.
  expect(whyNot("read", board, live)).toBeNull();
});

test("blocks that were measured more than once have their medians, by label", () => {
  const block = (label: string, netBytes: number | null, garbageBytes: number | null): MarkEvent => ({
    ...{ kind: "block", key: "", label, atMs: 0, fromMs: null, usedBytes: 0, largestFreeBytes: null },
    cost: { beginId: null, endId: null, netBytes, garbageBytes, largestFreeChangeBytes: null },
  });
  const events = [
    ...[block("parse", 10, 1), block("once", 5, 5), block("parse", null, 3), block("parse", 30, null)],
    { ...block("point", 1, 1), kind: "point" as const, cost: null },
    ...[block("lost", null, null), { ...block("lost", 1, 1), cost: null }],
  ];
  expect(costsByLabel(events)).toEqual([
    { label: "parse", count: 3, keptBytes: 20, garbageBytes: 2 },
    { label: "lost", count: 2, keptBytes: null, garbageBytes: null },
  ]);
});
