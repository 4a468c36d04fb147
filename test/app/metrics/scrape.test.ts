import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/app/load-config.ts";
import { type Daemon, startDaemon } from "../../../src/app/serve.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { parseExposition } from "../../support/exposition.ts";
import { promtool, promtoolTest } from "../../support/promtool.ts";

describe("a daemon with two emulated boards", () => {
  let daemon: Daemon;
  let text = "";

  beforeAll(async () => {
    const settings = {
      listen: "127.0.0.1:0",
      database: ":memory:",
      emulate: 2,
      "sampling.readIntervalSeconds": 0.2,
    };
    const flags = Object.entries(settings).map(([path, value]) => ({
      path: path.split("."),
      value,
      origin: `--${path}`,
    }));
    daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
      clock: systemClock,
      log: pino({ level: "silent" }),
      standInWhenAlone: false,
      listAttached: async () => [],
      portsFingerprint: () => "",
    });
    const read = () => parseExposition(text).get("heapscope_heap_used_bytes")?.samples.length;
    for (text = await scraped(daemon); read() !== 2; text = await scraped(daemon)) await sleep(20);
    for (const board of ["emulated-1", "emulated-2"]) {
      const collected = await fetch(`${daemon.url}/api/v1/boards/${board}/collect`, { method: "POST" });
      expect(collected.status).toBe(200);
    }
    text = await scraped(daemon);
  });

  afterAll(() => daemon.stop());

  test("shows both boards' heaps, the daemon and the process in the strict format", () => {
    const families = parseExposition(text);
    for (const name of ["heapscope_heap_used_bytes", "heapscope_heap_live_bytes", "heapscope_board_info"]) {
      const boards = families.get(name)?.samples.map(({ labels }) => labels["board"]);
      expect(boards, name).toEqual(["emulated-1", "emulated-2"]);
    }
    const sum = (name: string) =>
      families.get(name)?.samples.reduce((total, { value }) => total + value, 0) ?? Number.NaN;
    expect(sum("heapscope_heap_total_bytes")).toBe(128_000);
    expect(sum("heapscope_heap_used_bytes") + sum("heapscope_heap_free_bytes")).toBe(128_000);
    expect(sum("heapscope_collections_total")).toBe(2);
    expect(sum("heapscope_readings_total")).toBeGreaterThanOrEqual(6);
    expect(sum("heapscope_store_up")).toBe(1);
    expect(sum("heapscope_feed_events_total")).toBeGreaterThanOrEqual(8);
    const stored = families
      .get("heapscope_store_append_seconds")
      ?.samples.find(({ name }) => name.endsWith("_count"));
    expect(stored?.value).toBe(sum("heapscope_feed_events_total"));
  });

  test("names follow the conventions: prefix, base units, help as a sentence", () => {
    for (const { name, help, type } of parseExposition(text).values()) {
      expect(name).toMatch(/^(heapscope|process|nodejs)_[a-z0-9_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|kb|percent|count|info_total)(_|$)/);
      if (!name.startsWith("heapscope_")) continue;
      expect(help, name).toMatch(/^[A-Z0-9].*\.$/);
      if (type === "histogram") expect(name).toMatch(/_seconds$/);
      if (help.startsWith("Always 1")) expect(name).toMatch(/_info$/);
    }
  });

  promtoolTest("promtool check metrics has nothing to say", async () => {
    expect(promtool(["check", "metrics"], text)).toEqual({ status: 0, output: "" });
  });
});

async function scraped({ url }: Daemon): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
