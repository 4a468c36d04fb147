import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import WebSocket from "ws";
import { loadConfig } from "../../src/app/load-config.ts";
import { type Daemon, startDaemon } from "../../src/app/serve.ts";
import type { Alert } from "../../src/heap/reading.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { Receiver } from "./webhooks/receiver.ts";

async function serve(alerts: unknown, database = ":memory:"): Promise<Daemon> {
  const values = {
    listen: "127.0.0.1:0",
    database,
    emulate: 1,
    alerts,
    sampling: { readIntervalSeconds: 0.2 },
  };
  const flags = Object.entries(values).map(([key, value]) => ({ path: [key], value, origin: `--${key}` }));
  const daemon = await startDaemon(loadConfig({ file: null, env: {}, flags }), {
    clock: systemClock,
    log: pino({ level: "silent" }),
    standInWhenAlone: false,
    listAttached: async () => [],
    portsFingerprint: () => "",
  });
  onTestFinished(() => daemon.stop());
  return daemon;
}

async function alertsOf(daemon: Daemon, query = ""): Promise<readonly Alert[]> {
  return (await (await fetch(`${daemon.url}/api/v1/alerts${query}`)).json()) as readonly Alert[];
}

/** The first alert that the feed brings. */
async function fromFeed(daemon: Daemon): Promise<{ readonly cursor: number; readonly data: Alert }> {
  const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/v1/feed`);
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "hello") {
        socket.send(JSON.stringify({ type: "subscribe", boards: ["*"], after: 0 }));
      }
      if (message.type === "alert") resolve(message);
    });
  });
}

const full = { name: "not-empty", when: "utilization > 1 % for 2 readings", severity: "critical" };

test("a rule that a real board meets is seen at REST, at the feed and at the webhook", async () => {
  const receiver = await Receiver.start();
  const webhooks = [{ url: receiver.url, secret: "a secret of mine" }];
  const daemon = await serve({ rules: [full], webhooks });
  const [request] = await receiver.until(1);
  const [alert] = await alertsOf(daemon);
  expect(alert).toMatchObject({
    rule: "not-empty",
    condition: full.when,
    severity: "critical",
    state: "firing",
    message: expect.stringMatching(
      /^emulated-1: heap utilization is [\d.]+ %, above 1 %\. Little room is left/,
    ),
  });
  expect(request?.body).toMatchObject({ type: "alert", boardName: "emulated-1", data: alert });
  expect(await fromFeed(daemon)).toEqual({ type: "alert", cursor: alert?.id, data: alert });
  expect(await alertsOf(daemon, "?state=resolved")).toEqual([]);
  const health = await (await fetch(`${daemon.url}/api/v1/health`)).json();
  expect(health).toMatchObject({
    webhooks: [{ url: `${receiver.url}/`, delivered: 1, queued: 0, deadLetters: 0 }],
  });
});

test("a restart neither fires again nor forgets: with the rule gone, the alert ends and the webhook hears it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-alerts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "history.db");
  const receiver = await Receiver.start();
  const webhooks = [{ url: receiver.url }];

  const first = await serve({ defaults: false, rules: [full], webhooks }, database);
  await receiver.until(1);
  await first.stop();

  const second = await serve({ defaults: false, rules: [full], webhooks }, database);
  await vi.waitFor(async () => {
    const boards = (await (await fetch(`${second.url}/api/v1/boards`)).json()) as {
      counts: { readings: number };
    }[];
    expect(boards[0]?.counts.readings).toBeGreaterThan(4);
  }, 20_000);
  expect(await alertsOf(second, "?state=all")).toHaveLength(1);
  await second.stop();

  const third = await serve({ defaults: false, webhooks }, database);
  const [, resolved] = await receiver.until(2);
  expect(resolved?.body.data).toMatchObject({
    state: "resolved",
    message: expect.stringContaining('the rule "not-empty" is no longer in the configuration'),
  });
  expect(await alertsOf(third)).toEqual([]);
  expect(receiver.received).toHaveLength(2);
});

test("a webhook that hangs does not hold up the stop", async () => {
  const receiver = await Receiver.start();
  receiver.answer(null);
  const daemon = await serve({ rules: [full], webhooks: [{ url: receiver.url }] });
  await receiver.until(1);
  const startedMs = performance.now();
  await daemon.stop();
  expect(performance.now() - startedMs).toBeLessThan(5000);
});
