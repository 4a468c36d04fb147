import { createHmac } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { webhookHeaders, webhookTarget } from "../../../src/app/webhooks/webhook-request.ts";
import { Webhooks, type WebhooksOptions } from "../../../src/app/webhooks/webhooks.ts";
import type { Alert } from "../../../src/heap/reading.ts";
import { heapscopeError } from "../../../src/shared/errors.ts";
import { openStore } from "../../../src/store/open-store.ts";
import type { Store } from "../../../src/store/store-types.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { sampleAlert } from "../../support/sample-alert.ts";
import { Receiver } from "./receiver.ts";

interface Bench {
  readonly webhooks: Webhooks;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly log: readonly { readonly level: number; readonly msg: string }[];
  /** Stores an alert, as the pipeline does, and offers it. */
  raise(change?: Partial<Alert>): Alert;
  /** What the only webhook says of itself. */
  health(): ReturnType<Webhooks["health"]>[number];
  /** Until the only webhook's health is so; the network takes real time, the clock stands still meanwhile. */
  until(state: Partial<ReturnType<Webhooks["health"]>[number]>): Promise<void>;
}

type Hook = Partial<WebhooksOptions["webhooks"][number]> & { readonly url: string };

function bench(
  hook: Hook,
  { store = openStore({ file: ":memory:" }), ...options }: Partial<WebhooksOptions> & { store?: Store } = {},
): Bench {
  const clock = new ManualClock();
  const log: { level: number; msg: string }[] = [];
  const webhooks = new Webhooks({
    webhooks: [{ severities: ["info", "warning", "critical"], timeoutSeconds: 10, ...hook }],
    store,
    nameOf: () => "greenhouse",
    version: "1.2.3",
    clock,
    log: pino({ level: "info" }, { write: (line) => log.push(JSON.parse(line)) }),
    random: () => 0.5,
    ...options,
  });
  webhooks.start();
  onTestFinished(() => webhooks.stop());
  const health = () => webhooks.health()[0]!;
  return {
    webhooks,
    store,
    clock,
    log,
    health,
    raise: (change = {}) => {
      const [stored] = store.append([{ type: "alert", data: sampleAlert(change) }]);
      if (stored?.type !== "alert") throw new Error("the store gave something else back");
      webhooks.offer(stored.data);
      return stored.data;
    },
    until: (state) => vi.waitFor(() => expect(health()).toMatchObject(state), { timeout: 5000, interval: 2 }),
  };
}

test("an alert is posted as documented JSON, signed over timestamp and body", async () => {
  const receiver = await Receiver.start();
  const { raise, until } = bench({ url: `${receiver.url}/hook?key=1`, secret: "correct horse" });
  const alert = raise();
  const [request] = await receiver.until(1);
  await until({ delivered: 1, queued: 0, failed: 0, lastError: null });
  expect(request?.path).toBe("/hook?key=1");
  expect(request?.body).toEqual({
    type: "alert",
    version: 1,
    eventId: request?.headers["x-heapscope-event-id"],
    heapscope: "1.2.3",
    boardName: "greenhouse",
    data: alert,
  });
  const timestamp = String(Date.UTC(2026, 10, 22, 17) / 1000);
  const mac = createHmac("sha256", "correct horse").update(`${timestamp}.${request?.text}`).digest("hex");
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "heapscope/1.2.3",
    "x-heapscope-timestamp": timestamp,
    "x-heapscope-signature": `sha256=${mac}`,
  });
});

test("without a secret there is no signature; a password in the address becomes basic authentication", async () => {
  const receiver = await Receiver.start();
  const { raise, health } = bench({ url: `${receiver.url.replace("//", "//me:p%40ss@")}/x?token=t` });
  raise();
  const [request] = await receiver.until(1);
  expect(request?.headers).not.toHaveProperty("x-heapscope-signature");
  expect(request?.headers.authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
  expect(health().url).toBe(`${receiver.url}/x`);
});

test("the signature is the one that the README's example computes", () => {
  const target = webhookTarget("http://example.org/", "secret-of-8");
  const headers = webhookHeaders(target, { alertId: 1, eventId: "e", body: "{}" }, 1_700_000_000_999, "1");
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret-of-8
  expect(headers["x-heapscope-signature"]).toBe(
    "sha256=31ee3dba14e58a6ef4465fecc85c97a15585fc1c6ac8a1e3bb34604108d2a7fa",
  );
});

test("alerts are sent one at a time and in order, however fast they come", async () => {
  const receiver = await Receiver.start();
  let open = 0;
  let most = 0;
  receiver.answer(
    ...Array.from({ length: 10 }, () => (response: ServerResponse) => {
      most = Math.max(most, ++open);
      setImmediate(() => {
        open--;
        response.writeHead(200).end("ok");
      });
    }),
  );
  const { raise, until } = bench({ url: receiver.url });
  const ids = Array.from({ length: 10 }, () => raise().id);
  await until({ delivered: 10 });
  expect(receiver.received.map(({ body }) => body.data.id)).toEqual(ids);
  expect(most).toBe(1);
});

test("only alerts of the wanted severities are sent", async () => {
  const receiver = await Receiver.start();
  const { raise, until } = bench({ url: receiver.url, severities: ["critical"] });
  raise({ severity: "info" });
  const { id } = raise({ severity: "critical" });
  await until({ delivered: 1, queued: 0 });
  expect(receiver.received.map(({ body }) => body.data.id)).toEqual([id]);
});

describe("what fails is tried again", () => {
  test("after 500, with doubling pauses, the same event id and a fresh timestamp; the log says it once", async () => {
    const receiver = await Receiver.start();
    receiver.answer(500, 503, 500);
    const { raise, until, clock, log, health, webhooks } = bench({ url: receiver.url });
    raise();
    await until({ failed: 1, queued: 1 });
    await clock.advance(999);
    expect(receiver.received).toHaveLength(1);
    await clock.advance(1);
    await until({ failed: 2 });
    await clock.advance(2000);
    await until({ failed: 3 });
    expect(health().lastError).toEqual({
      at: "2026-11-22T17:00:03.000Z",
      code: "webhook-failed",
      message: expect.stringContaining("did not take an alert: it answered with status 500."),
    });
    expect(webhooks.failure).toEqual(health().lastError);
    await clock.advance(4000);
    await until({ delivered: 1, queued: 0, failed: 3, deadLetters: 0 });
    expect(webhooks.failure).toBeNull();
    expect(new Set(receiver.received.map(({ body }) => body.eventId)).size).toBe(1);
    expect(receiver.received.map(({ headers }) => Number(headers["x-heapscope-timestamp"]) % 100)).toEqual([
      0, 1, 3, 7,
    ]);
    expect(log.map(({ level }) => level)).toEqual([40, 30]);
    expect(log[1]?.msg).toContain("takes alerts again");
    expect(clock.pending).toBe(0);
  });

  test("after no answer at all, when the time is up", async () => {
    const receiver = await Receiver.start();
    receiver.answer(null);
    const { raise, until, clock, health } = bench({ url: receiver.url, timeoutSeconds: 3 });
    raise();
    await receiver.until(1);
    await clock.advance(2999);
    expect(health().failed).toBe(0);
    await clock.advance(1);
    await until({ failed: 1 });
    expect(health().lastError?.message).toContain("no answer came within 3 s");
    await clock.advance(1000);
    await until({ delivered: 1 });
  });

  test("a body that never ends does not matter once the status is there", async () => {
    const receiver = await Receiver.start();
    receiver.answer((response) => void response.writeHead(200).write("and so on"));
    const { raise, until } = bench({ url: receiver.url });
    raise();
    await until({ delivered: 1, queued: 0 });
  });

  test.each([
    ["429 with seconds", 429, () => "90", 90_000],
    ["503 with a date", 503, () => new Date(Date.UTC(2026, 10, 22, 17, 2)).toUTCString(), 120_000],
    ["429 with nonsense", 429, () => "soon", 1000],
    ["503 with a time in the past", 503, () => new Date(0).toUTCString(), 1000],
    ["408", 408, () => "", 1000],
    ["425", 425, () => "", 1000],
  ])("%s: not before the receiver asks for it", async (_case, status, retryAfter, waitMs) => {
    const receiver = await Receiver.start();
    receiver.answer((response) => void response.writeHead(status, { "retry-after": retryAfter() }).end());
    const { raise, until, clock } = bench({ url: receiver.url });
    raise();
    await until({ failed: 1 });
    await clock.advance(waitMs - 1);
    expect(receiver.received).toHaveLength(1);
    await clock.advance(1);
    await until({ delivered: 1 });
  });

  test("when nothing answers at the address", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { raise, until, health } = bench({ url: `http://me:hunter22@127.0.0.1:${port}/?token=hunter22` });
    raise();
    await until({ failed: 1 });
    expect(health().lastError?.message).toContain("nothing answers there");
    expect(JSON.stringify(health())).not.toContain("hunter22");
  });

  test("the pauses are spread, so that many webhooks do not come back together", async () => {
    const receiver = await Receiver.start();
    receiver.answer(500, 500);
    const { raise, until, clock } = bench({ url: receiver.url }, { random: () => 0 });
    raise();
    await until({ failed: 1 });
    await clock.advance(500);
    await until({ failed: 2 });
  });
});

describe("what cannot go better is given up", () => {
  test.each([400, 401, 403, 404, 410, 422])(
    "%s is not tried again, and the next alert goes on",
    async (status) => {
      const receiver = await Receiver.start();
      receiver.answer(status);
      const { raise, until, health } = bench({ url: receiver.url });
      raise();
      raise();
      await until({ deadLetters: 1, delivered: 1, failed: 1, queued: 0 });
      expect(receiver.received).toHaveLength(2);
      expect(health().lastError).toMatchObject({
        code: "webhook-gave-up",
        message: expect.stringContaining(`it answered with status ${status}`),
      });
    },
  );

  test("a redirect is not followed", async () => {
    const receiver = await Receiver.start();
    receiver.answer((response) => void response.writeHead(302, { location: `${receiver.url}/other` }).end());
    const { raise, until, health } = bench({ url: receiver.url });
    raise();
    await until({ deadLetters: 1 });
    expect(receiver.received).toHaveLength(1);
    expect(health().lastError?.message).toContain("a redirect (302), which is not followed");
  });

  test("after so many attempts", async () => {
    const receiver = await Receiver.start();
    receiver.answer(500, 500, 500);
    const { raise, until, clock } = bench({ url: receiver.url }, { limits: { attempts: 3 } });
    raise();
    for (const [failed, pauseMs] of [
      [1, 1000],
      [2, 2000],
    ] as const) {
      await until({ failed });
      await clock.advance(pauseMs);
    }
    await until({ failed: 3, deadLetters: 1, queued: 0 });
    expect(clock.pending).toBe(0);
  });

  test("after a day; one that waited as long has its one attempt", async () => {
    const receiver = await Receiver.start();
    receiver.answer(...Array(4).fill(500));
    const hour = 3600_000;
    const limits = { firstRetryMs: 10 * hour, lastRetryMs: 10 * hour };
    const { raise, until, clock } = bench({ url: receiver.url }, { limits });
    raise();
    raise();
    await until({ failed: 1 });
    await clock.advance(10 * hour);
    await until({ failed: 2 });
    await clock.advance(10 * hour);
    // The third pause would end after 30 hours.
    await until({ deadLetters: 2, failed: 4, queued: 0 });
  });
});

test("where too many wait, the oldest are dropped and counted", async () => {
  const receiver = await Receiver.start();
  receiver.answer(500);
  const { raise, until, clock } = bench({ url: receiver.url }, { limits: { queued: 3 } });
  const ids = Array.from({ length: 6 }, () => raise().id);
  await until({ failed: 1, queued: 4, dropped: 2 });
  await clock.advance(1000);
  await until({ delivered: 4, queued: 0 });
  expect(receiver.received.slice(1).map(({ body }) => body.data.id)).toEqual([ids[0], ...ids.slice(3)]);
});

test("an alert that the history could not keep is sent, without an id", async () => {
  const receiver = await Receiver.start();
  const { webhooks, until } = bench({ url: receiver.url });
  webhooks.offer(sampleAlert({ id: -3 }));
  await until({ delivered: 1 });
  expect(receiver.received[0]?.body.data.id).toBeNull();
});

test("a webhook that hangs does not hold up another, nor the one who raises alerts", async () => {
  const [slow, quick] = [await Receiver.start(), await Receiver.start()];
  slow.answer(null);
  const hooks = [slow, quick].map(({ url }) => ({
    url,
    severities: ["info" as const, "warning" as const],
    timeoutSeconds: 10,
  }));
  const { raise, webhooks } = bench({ url: slow.url }, { webhooks: hooks });
  raise();
  await quick.until(1);
  await slow.until(1);
  await vi.waitFor(() =>
    expect(webhooks.health()).toMatchObject([
      { queued: 1, delivered: 0 },
      { queued: 0, delivered: 1 },
    ]),
  );
});

describe("over a restart", () => {
  test("what was not delivered is sent, with the same event id, and nothing else", async () => {
    const receiver = await Receiver.start();
    receiver.answer(204, 500);
    const first = bench({ url: receiver.url });
    first.raise();
    await first.until({ delivered: 1 });
    const left = first.raise({ rule: "second" });
    await first.until({ failed: 1 });
    const { store } = first;
    await first.webhooks.stop();
    const meanwhile = store.append([{ type: "alert", data: sampleAlert({ rule: "third" }) }]);

    const second = bench({ url: receiver.url }, { store });
    await second.until({ delivered: 2 });
    const sent = receiver.received.map(({ body }) => body);
    expect(sent.slice(2).map(({ data }) => data.id)).toEqual([left.id, meanwhile[0]?.cursor]);
    expect(sent[2]?.eventId).toBe(sent[1]?.eventId);
    await second.webhooks.stop();
    await bench({ url: receiver.url }, { store }).until({ queued: 0 });
    expect(receiver.received).toHaveLength(4);
  });

  test("a new webhook is not told of what was; one that was away is a new one", async () => {
    const receiver = await Receiver.start();
    const store = openStore({ file: ":memory:" });
    store.append([{ type: "alert", data: sampleAlert() }]);
    await bench({ url: receiver.url }, { store }).webhooks.stop();
    await bench({ url: `${receiver.url}/other` }, { store }).webhooks.stop();
    store.append([{ type: "alert", data: sampleAlert() }]);
    const { raise, until } = bench({ url: receiver.url }, { store });
    const { id } = raise();
    await until({ delivered: 1, queued: 0 });
    expect(receiver.received.map(({ body }) => body.data.id)).toEqual([id]);
  });

  test("where the history cannot be read at the start, what was left undone is sent when it can; nothing twice", async () => {
    const receiver = await Receiver.start();
    receiver.answer(500);
    const first = bench({ url: receiver.url });
    const left = first.raise();
    await first.until({ failed: 1 });
    await first.webhooks.stop();

    receiver.answer(204);
    const disk = { isFull: true };
    const webhookCursor = (webhook: string) => {
      if (disk.isFull) throw heapscopeError("store-failed", { file: "h.db", reason: "the disk is full" });
      return first.store.webhookCursor(webhook);
    };
    const second = bench({ url: receiver.url }, { store: { ...first.store, webhookCursor } });
    const early = second.raise({ rule: "early" });
    await second.until({ delivered: 1 });
    disk.isFull = false;
    await second.clock.advance(10_000);
    await second.until({ delivered: 2 });
    expect(receiver.received.map(({ body }) => body.data.id)).toEqual([left.id, early.id, left.id]);
    second.raise({ rule: "late" });
    await second.until({ delivered: 3, queued: 0 });
    await second.webhooks.stop();
    await bench({ url: receiver.url }, { store: first.store }).until({ queued: 0 });
    expect(receiver.received).toHaveLength(4);
  });

  test("a history that fails costs no alert", async () => {
    const receiver = await Receiver.start();
    const store = openStore({ file: ":memory:" });
    store.close();
    const { webhooks, until } = bench({ url: receiver.url }, { store });
    webhooks.offer(sampleAlert({ id: -1 }));
    webhooks.offer(sampleAlert({ id: 5 }));
    await until({ delivered: 2 });
  });
});

test("stopping ends an attempt that hangs and a pause, leaves no timer, and takes nothing more", async () => {
  const receiver = await Receiver.start();
  receiver.answer(null);
  const hanging = bench({ url: receiver.url });
  hanging.raise();
  await receiver.until(1);
  await hanging.webhooks.stop();
  await hanging.webhooks.stop();
  hanging.raise();
  expect(hanging.clock.pending).toBe(0);
  expect(hanging.health()).toMatchObject({ delivered: 0, deadLetters: 0 });

  receiver.answer(500);
  const pausing = bench({ url: receiver.url });
  pausing.raise();
  await pausing.until({ failed: 1 });
  await pausing.webhooks.stop();
  expect(pausing.clock.pending).toBe(0);
});
