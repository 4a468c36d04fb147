import { expect, test, vi } from "vitest";
import { retentionPolicy } from "../../src/app/history-keeper.ts";
import { openStore } from "../../src/store/open-store.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { oldEvents, oldHistory } from "../support/old-history.ts";
import { settableClock, watchedDaemon } from "../support/watched-daemon.ts";

const dayMs = 86_400_000;
const tenYearsMs = 3652 * dayMs;
const soon = { timeout: 20_000, interval: 50 };

test("a clock that jumps ten years ahead, then a day back, breaks no order, removes nothing, and moves no alert", {
  timeout: 60_000,
}, async () => {
  const file = oldHistory(temporaryFolder());
  const clock = settableClock();
  const { get, follow, daemon } = await watchedDaemon(file, {
    clock,
    alerts: {
      defaults: false,
      rules: [
        { name: "fires", when: "utilization > 1 % for 3 readings" },
        { name: "in-an-hour", when: "utilization > 1 % for 60 min" },
        { name: "silent", when: "missed for 30 min" },
      ],
    },
  });
  const { feed, events } = follow(oldEvents);
  const more = async (): Promise<void> => {
    const before = events.length;
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(before + 10), soon);
  };
  await more();
  for (const jumpMs of [tenYearsMs, -dayMs, -tenYearsMs, dayMs]) {
    clock.jump(jumpMs);
    await more();
    const health = await get("/api/v1/health");
    expect(health.status).toBe(200);
    expect(health.body.uptimeSeconds).toBeGreaterThan(0);
    expect(health.body.uptimeSeconds).toBeLessThan(60);
  }
  expect((await get("/api/v1/alerts")).body).toMatchObject([{ rule: "fires" }]);
  expect((await get("/api/v1/alerts?state=all")).body).toHaveLength(1);

  expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => oldEvents + 1 + index));
  expect(feed.counts).toMatchObject({ connections: 1, dropped: 0, gaps: 0 });

  // Paging by id is complete, and in the order in which things happened.
  const readings: { id: number }[] = [];
  for (let after = 0; ; after = readings.at(-1)?.id ?? 0) {
    const page = (await get(`/api/v1/boards/alice/readings?after=${after}&limit=7`)).body;
    if (page.length === 0) break;
    readings.push(...page);
  }
  const followed = events.flatMap((event) => (event.type === "reading" ? [event.data] : []));
  expect(readings.slice(0, followed.length)).toEqual(followed);

  // Each reading is in the series once, whatever the width of the buckets.
  const boardId = (await get("/api/v1/boards/alice")).body.id;
  await daemon.stop();
  const store = openStore({ file });
  const all = { metric: "usedBytes", fromMs: 0, toMs: clock.nowMs() + 2 * tenYearsMs } as const;
  const count = store.readings(boardId, { after: 0, limit: 1_000_000 }).length;
  expect(count).toBeGreaterThan(40);
  for (const points of [10, 500, 5000]) {
    const { buckets } = store.series(boardId, { ...all, points });
    expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
  }
  store.close();
});

test("a start with a clock ten years ahead removes nothing of the history there is", async () => {
  const file = oldHistory(temporaryFolder());
  const clock = settableClock();
  clock.jump(tenYearsMs);
  const { get, follow } = await watchedDaemon(file, { clock });
  const { events } = follow(oldEvents);
  // Tidying comes with the first tenth of a second.
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(10), soon);
  expect((await get("/api/v1/boards/old/readings?limit=10000")).body).toHaveLength(oldEvents);
});

test("without the distrust, that start would have removed it all", () => {
  const store = openStore({ file: oldHistory(temporaryFolder()) });
  const policy = retentionPolicy({ eventDays: 90, minuteDays: 400, hourDays: 3650, maxMegabytes: 0 });
  while (!store.tidy(policy, Date.now() + tenYearsMs).done);
  expect(store.readings("old", { limit: 10 })).toHaveLength(0);
  store.close();
});
