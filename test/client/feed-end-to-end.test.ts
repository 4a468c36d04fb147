import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { connectFeed, type FeedConnection } from "../../src/client/connect-feed.ts";
import type { FeedState } from "../../src/client/feed-state.ts";
import { portOf, testApp } from "../api/test-app.ts";
import { sampleAlert, sampleReading } from "../support/samples.ts";
import { sampleToken } from "../support/tokens.ts";

const reading = { type: "reading" as const, data: sampleReading() };

async function followed(after?: number) {
  const test = await testApp();
  await test.app.listen({ port: 0, host: "127.0.0.1" });
  const url = `http://127.0.0.1:${portOf(test.app)}`;
  const cursors: number[] = [];
  const states: FeedState[] = [];
  const firing: unknown[] = [];
  const feed: FeedConnection = connectFeed(
    { url, webSocket: WebSocket, after, retry: { firstMs: 10, lastMs: 20 } },
    {
      onState: (state) => states.push(state),
      onSnapshot: ({ alerts }) => firing.push(alerts),
      onEvent: ({ cursor }) => cursors.push(cursor),
    },
  );
  onTestFinished(() => feed.close());
  return { ...test, url, feed, cursors, states, firing };
}

test("with the real feed: snapshot, live, and by cursor over a broken connection", async () => {
  const { accept, feed, cursors, app, states, firing } = await followed();
  const connections: { destroy(): void }[] = [];
  app.server.on("connection", (socket) => connections.push(socket));
  accept({ type: "alert", data: sampleAlert() });
  await expect.poll(() => feed.state.kind).toBe("live");
  expect(firing).toMatchObject([[{ rule: "heap-nearly-full" }]]);
  accept(reading, reading);
  await expect.poll(() => cursors.length).toBe(2);
  for (const connection of connections) connection.destroy();
  accept(reading, reading);
  await expect.poll(() => feed.counts.connections).toBe(2);
  await expect.poll(() => feed.state.kind).toBe("live");
  accept(reading);
  await expect.poll(() => cursors).toEqual([2, 3, 4, 5, 6]);
  expect(states).toContainEqual({
    kind: "waiting",
    reason: "The connection broke.",
    retryInMs: expect.any(Number),
  });
  expect(firing).toHaveLength(1);
});

test("with the real feed: a cursor of another history begins anew", async () => {
  const { feed, firing } = await followed(1_000_000);
  await expect.poll(() => feed.state.kind).toBe("live");
  expect([feed.cursor, firing.length, feed.counts.connections]).toEqual([0, 1, 1]);
});

test("a foreign host name is refused with the daemon's own words", async () => {
  const { app } = await testApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  // It resolves to this machine, but it is no name that this heapscope answers to.
  class Foreign extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { host: "evil.example" } });
    }
  }
  const feed = connectFeed(
    {
      url: `http://127.0.0.1:${portOf(app)}`,
      webSocket: Foreign,
      fetch: async (url) => {
        const answer = await app.inject({ url: new URL(url).pathname, headers: { host: "evil.example" } });
        return { status: answer.statusCode, json: async () => answer.json() };
      },
    },
    {},
  );
  onTestFinished(() => feed.close());
  await expect
    .poll(() => feed.state)
    .toMatchObject({ kind: "refused", status: 403, reason: expect.stringContaining("evil.example") });
});

test("a token goes out as the subprotocol pair, as browsers send it, and the feed answers with the first of it", async () => {
  const { token, record } = sampleToken("read");
  const { app } = await testApp({ deps: { tokens: () => [record], tokenRequired: true } });
  const offered: unknown[] = [];
  app.server.prependListener("upgrade", ({ headers }) => offered.push(headers["sec-websocket-protocol"]));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const feed = connectFeed({ url, webSocket: WebSocket, token }, {});
  onTestFinished(() => feed.close());
  await expect.poll(() => feed.state.kind).toBe("live");
  expect(offered).toEqual([`heapscope,token.${token}`]);
});
