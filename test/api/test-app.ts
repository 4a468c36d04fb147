import { Compile } from "typebox/compile";
import { expect, onTestFinished } from "vitest";
import WebSocket from "ws";
import type { ApiDeps } from "../../src/api/api-deps.ts";
import type { App } from "../../src/api/app-type.ts";
import type { BoardControl } from "../../src/api/board-directory.ts";
import { buildApi } from "../../src/api/build-api.ts";
import { FeedHub, type FeedLimits } from "../../src/api/feed.ts";
import { serverMessages } from "../../src/api/schemas-feed.ts";
import { alertRules } from "../../src/app/alert-rules.ts";
import { adviseHistory } from "../../src/app/board-advice.ts";
import { analyzeHistory, compareMaps } from "../../src/app/board-analysis.ts";
import { exportHistory } from "../../src/app/export-history.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, Store, StoredEvent } from "../../src/store/store-types.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleCollection, sampleReading, sampleSnapshot } from "../support/samples.ts";

export const boardId = "e6614103e7452d2f";

export interface TestApp {
  readonly app: App;
  readonly store: Store;
  readonly feed: FeedHub;
  readonly clock: ManualClock;
  readonly boards: BoardSnapshot[];
  /** What the pipeline does with events: append, then publish, in one tick. */
  accept(...events: NewEvent[]): readonly StoredEvent[];
  /** A message-by-message client of the feed; the app listens from the first call on. */
  connect(options?: WebSocket.ClientOptions): Promise<FeedTestClient>;
}

export interface TestAppOptions {
  readonly deps?: Partial<ApiDeps>;
  readonly limits?: Partial<FeedLimits>;
  readonly control?: Partial<BoardControl>;
}

/** The real app over a history in memory and one board, closed when the test ends. */
export async function testApp({
  deps = {},
  limits = {},
  control = {},
}: TestAppOptions = {}): Promise<TestApp> {
  const store = openStore({ file: ":memory:" });
  const clock = new ManualClock();
  const boards = [sampleSnapshot()];
  const directory = {
    list: () => boards,
    find: (idOrName: string): BoardControl | undefined => {
      const board = boards.find(({ id, name }) => id === idOrName || name === idOrName);
      return (
        board && {
          snapshot: () => board,
          consoleLog: () => ({ lines: [], next: 0, dropped: 0 }),
          read: async () => sampleReading({ phase: "on-demand" }),
          collect: async () => sampleCollection(),
          listModules: async () => ({ at: "2026-11-22T17:00:00.000Z", modules: [] }),
          modulesSeen: () => null,
          release: async () => {},
          attach: () => {},
          ...control,
        }
      );
    },
  };
  const feed = new FeedHub({ store, boards: directory, clock, version: "0.1.0", logger: false, limits });
  const app = await buildApi({
    store,
    boards: directory,
    feed,
    clock,
    version: "0.1.0",
    startedAt: "2026-11-22T16:59:00.000Z",
    logger: false,
    exportHistory: (request) => exportHistory(store, request),
    decodeMap: () => ({
      blockSizeBytes: 16,
      areas: [
        {
          base: "20003f80",
          blocks: 4,
          runs: [
            ["h", 1],
            ["=", 1],
            [".", 2],
          ],
        },
      ],
    }),
    analyze: (board, span) => analyzeHistory(store, board, span, null),
    advise: (board, span) =>
      adviseHistory(store, board, span, clock.nowMs(), {
        snapshot: boards.find(({ id }) => id === board) ?? null,
        modules: directory.find(board)?.modulesSeen() ?? null,
        rules: alertRules({ defaults: true, rules: [], webhooks: [] }),
      }),
    diffMaps: compareMaps,
    ...deps,
  });
  onTestFinished(async () => {
    await app.close();
    store.close();
  });
  return {
    app,
    store,
    feed,
    clock,
    boards,
    accept: (...events) => {
      const stored = store.append(events);
      for (const event of stored) feed.publish(event);
      return stored;
    },
    connect: async (options) => {
      if (!app.server.listening) await app.listen({ port: 0, host: "127.0.0.1" });
      const client = new FeedTestClient(`ws://127.0.0.1:${portOf(app)}/api/v1/feed`, options);
      await client.opened;
      return client;
    },
  };
}

/** Where the app listens. */
export function portOf(app: App): number {
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the app does not listen on TCP");
  return address.port;
}

export interface Message {
  readonly type: string;
  readonly cursor?: number;
  readonly coalesced?: number;
  readonly [key: string]: unknown;
}

const schemas = Object.fromEntries(
  Object.entries(serverMessages).map(([type, schema]) => [type, Compile(schema)]),
);

/** Fails where `message` is none that the AsyncAPI document describes. */
export function expectDescribed(message: Message): void {
  const schema = schemas[message.type];
  expect(schema, `no schema for ${JSON.stringify(message)}`).toBeDefined();
  if (!schema!.Check(message)) expect([message, ...schema!.Errors(message)]).toEqual([message]);
}

/** Collects what the feed says, all of it checked against its schema; `next` waits for one more message. */
export class FeedTestClient {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #messages: Message[] = [];
  readonly #waiting: ((message: Message) => void)[] = [];

  constructor(url: string, options?: WebSocket.ClientOptions) {
    this.socket = new WebSocket(url, options);
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.on("error", reject);
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on("message", (data) => {
      const message = JSON.parse(data.toString()) as Message;
      expectDescribed(message);
      const waiter = this.#waiting.shift();
      if (waiter) waiter(message);
      else this.#messages.push(message);
    });
    onTestFinished(() => this.socket.terminate());
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async next(): Promise<Message> {
    return this.#messages.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(await this.next());
    return messages;
  }

  /** Hello, subscribe, and what the server answers first. */
  async subscribe(message: object = {}): Promise<Message> {
    const hello = await this.next();
    if (hello.type !== "hello") throw new Error(`the feed began with ${JSON.stringify(hello)}`);
    this.send({ type: "subscribe", boards: ["*"], ...message });
    return this.next();
  }
}
