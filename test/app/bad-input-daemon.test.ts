import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import WebSocket from "ws";
import { loadConfig } from "../../src/app/load-config.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { watchedDaemon } from "../support/watched-daemon.ts";
import { Receiver } from "./webhooks/receiver.ts";

/** The bad input that issue 4 names, against a whole daemon; each part's own tests go through many more. */
const reversed = "from=2026-11-22T18:00:00Z&to=2026-11-22T17:00:00Z";
const requests = [
  ["an unknown metric", "series?metric=colour", '"metric" is "colour"; expected is one of usedBytes, '],
  ["a reversed range of a series", `series?metric=usedBytes&${reversed}`, 'is later than "to"'],
  ["a reversed range of readings", `readings?${reversed}`, 'is later than "to"'],
  ["a reversed range of an analysis", `analysis?${reversed}`, 'is not before "to"'],
  ["maps in reversed order", "maps/diff?from=9&to=3", "ids of later readings are greater"],
  ["a limit of nothing", "readings?limit=0", "expected is one whole number from 1 to 10000"],
  ["a limit of too much", "collections?limit=10001", "expected is one whole number from 1 to 10000"],
  [
    "points of too much",
    "series?metric=usedBytes&points=5001",
    "expected is one whole number from 1 to 5000",
  ],
  ["a cursor that is none", "missed?after=-1", "expected is one whole number not below 0"],
] as const;

const frames = [
  ["malformed JSON", "{nope", 1007, "feed-message-invalid", "it is not JSON. The feed takes {"],
  [
    "a binary frame",
    Buffer.from([1, 2, 3]),
    1003,
    "feed-message-invalid",
    "it is binary, the feed speaks JSON text",
  ],
  [
    "an unknown cursor",
    '{"type":"subscribe","boards":["*"],"after":999999999}',
    null,
    "feed-cursor-ahead",
    'Subscribe again without "after"',
  ],
] as const;

test("requests and frames that make no sense get a code and a sentence, and disturb nobody", async () => {
  const { daemon, get, log } = await watchedDaemon(":memory:");
  await vi.waitFor(async () =>
    expect((await get("/api/v1/boards/alice")).body.counts.readings).toBeGreaterThan(1),
  );
  for (const [name, query, words] of requests) {
    const { status, body } = await get(`/api/v1/boards/alice/${query}`);
    expect([name, status, body.code]).toEqual([name, 400, "request-invalid"]);
    expect(body.detail).toContain(words);
  }
  for (const [name, frame, closeCode, code, words] of frames) {
    const { error, closed } = await say(daemon.url, frame);
    expect([name, error.code, closed]).toEqual([name, code, closeCode]);
    expect(error.message).toContain(words);
  }
  const { status, body } = await get("/api/v1/health");
  expect([status, body.feed.clients, body.lastError]).toEqual([200, 0, null]);
  expect(log.filter(({ level }) => level > 30)).toEqual([]);
});

/** What the feed answers to `frame`, and the code it closes with; null: it stays open. */
async function say(url: string, frame: string | Buffer) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/feed`);
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const error = await new Promise<{ code: string; message: string }>((resolve) => {
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "hello") socket.send(frame);
      else resolve(message);
    });
  });
  const isOpen = error.code === "feed-cursor-ahead";
  if (isOpen) socket.close();
  const code = await closed;
  return { error, closed: isOpen ? null : code };
}

test("a rule that does not parse ends the start, with file, line, column and what was expected", () => {
  const file = join(temporaryFolder(), "heapscope.yaml");
  writeFileSync(file, "alerts:\n  rules:\n    - name: low\n      when: largestFreeBytes << 4 KiB\n");
  let failure: unknown;
  try {
    loadConfig({ file, env: {}, flags: [] });
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({
    code: "config-invalid",
    exitCode: 2,
    message: `${file}:4:31: alerts.rules[0].when: expected a number for largestFreeBytes: bytes (B, KB, KiB or MiB), not "<".`,
  });
});

test.each([
  ["answers 500", 500, "did not take an alert: it answered with status 500"],
  ["hangs", null, "did not take an alert: no answer came within 1 s"],
])("a webhook that %s holds nothing up, and health says why", async (_, answer, words) => {
  const receiver = await Receiver.start();
  receiver.answer(...Array<number | null>(50).fill(answer));
  const { get, log, daemon } = await watchedDaemon(":memory:", {
    alerts: {
      rules: [{ name: "some", when: "utilization > 1 %" }],
      webhooks: [{ url: receiver.url, timeoutSeconds: 1 }],
    },
  });
  await vi.waitFor(
    async () => {
      const { status, body } = await get("/api/v1/health");
      expect(status).toBe(200);
      expect(body.webhooks).toMatchObject([
        { queued: 1, delivered: 0, lastError: { code: "webhook-failed" } },
      ]);
      expect(body.webhooks[0].lastError.message).toContain(words);
    },
    { timeout: 10_000, interval: 50 },
  );
  const before = (await get("/api/v1/boards/alice")).body.counts.readings;
  await vi.waitFor(
    async () => expect((await get("/api/v1/boards/alice")).body.counts.readings).toBeGreaterThan(before + 3),
    { timeout: 5000, interval: 50 },
  );
  expect(log.filter(({ code }) => code === "webhook-failed")).toHaveLength(1);
  const startedMs = performance.now();
  await daemon.stop();
  expect(performance.now() - startedMs).toBeLessThan(3000);
});
