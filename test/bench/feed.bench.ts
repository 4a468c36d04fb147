import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { buildApi } from "../../src/api/build-api.ts";
import { FeedHub } from "../../src/api/feed.ts";
import { adviseHistory } from "../../src/app/board-advice.ts";
import { analyzeHistory, compareMaps } from "../../src/app/board-analysis.ts";
import { exportHistory } from "../../src/app/export-history.ts";
import { HistoryWriter } from "../../src/app/history-writer.ts";
import { Pipeline } from "../../src/app/pipeline.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { StoredEvent } from "../../src/store/store-types.ts";
import { sampleReading } from "../support/samples.ts";
import type { BenchReport } from "./harness.ts";
import { cpuSeconds, residentBytes } from "./process-usage.ts";

const subscriberCount = 1000;
const stalledCount = 10;
const boardCount = 64;
const settleMs = 2_000;
const { FEED_SECONDS = "10" } = process.env;
const measureMs = Number(FEED_SECONDS) * 1_000;

/** p99 that is allowed from acceptReading to the write to the socket: with readings spread over the second, and in one moment. */
const limitMs = 50;
const atOnceLimitMs = 100;

/**
 * The feed with a thousand subscribers, in a process of their own, and 64 boards that are read once a second, spread over it; history
 * on disk. Then the same with ten subscribers more that stopped reading long ago, whose share of the system's buffers is full;
 * and all 64 readings in one moment. FEED_SECONDS: how long each is measured.
 */
export async function run(report: BenchReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-feed-"));
  const store = openStore({ file: join(folder, "history.db") });
  const boards = { list: () => [], find: () => undefined };
  const log = pino({ level: "silent" });
  // A stalled client would be cut off after a minute for not answering pings; here it shall stay.
  const limits = { heartbeatMs: 3_600_000 };
  const feed = new FeedHub({ store, boards, clock: systemClock, version: "bench", logger: false, limits });
  const onStored = (event: StoredEvent): void => feed.publish(event);
  const history = new HistoryWriter({ store, clock: systemClock, log, onStored });
  const pipeline = new Pipeline({ history, feed, clock: systemClock });
  const startedAt = new Date().toISOString();
  const api = await buildApi({
    store,
    boards,
    feed,
    clock: systemClock,
    version: "bench",
    startedAt,
    logger: false,
    decodeMap: () => undefined,
    exportHistory: (request) => exportHistory(store, request),
    analyze: (boardId, span) => analyzeHistory(store, boardId, span, null),
    advise: (boardId, span) =>
      adviseHistory(store, boardId, span, systemClock.nowMs(), { snapshot: null, modules: null, rules: [] }),
    diffMaps: compareMaps,
  });
  const writes = watchWrites((listener) => api.server.on("connection", listener));
  const address = await api.listen({ port: 0, host: "127.0.0.1" });
  const url = `${address.replace("http", "ws")}/api/v1/feed`;
  const source: Source = {
    accept: (board) => {
      const beganMs = performance.now();
      writes.accepted(pipeline.acceptReading(readingOf(board), null).id, beganMs);
    },
  };
  const groups: Subscribers[] = [];
  try {
    const stalled = await startSubscribers(url, stalledCount, "stall");
    groups.push(stalled);
    const fillers = await fillUp(source, feed);
    const reading = await startSubscribers(url, subscriberCount, "read");
    groups.push(reading);

    await spread(source, settleMs);
    const before = residentBytes(process.pid);
    const cutOffs = feed.cutOffs;
    const withStalled = [await measured(() => spread(source, measureMs), { feed, writes, reading })];
    const grown = residentBytes(process.pid) - before;
    const waiting = feed.waiting;
    await stalled.stop();
    await spread(source, settleMs);
    const without = [await measured(() => spread(source, measureMs), { feed, writes, reading })];
    // Once more each: p99 of some hundred events is a few of them, and one slow moment of the machine is all of those.
    const again = await startSubscribers(url, stalledCount, "stall");
    groups.push(again);
    await fillUp(source, feed);
    await spread(source, settleMs);
    withStalled.push(await measured(() => spread(source, measureMs), { feed, writes, reading }));
    await again.stop();
    await spread(source, settleMs);
    without.push(await measured(() => spread(source, measureMs), { feed, writes, reading }));
    const [stalling, alone] = [calmer(withStalled), calmer(without)];
    const atOnce = await measured(() => together(source, measureMs), { feed, writes, reading });

    const name = `feed, ${subscriberCount} subscribers`;
    const ms = (value: number): string => `${value.toFixed(1)} ms`;
    const line = (what: string, { p99Ms }: Measured, allowedMs: number): void =>
      report.line(`${name}, p99 to the write${what}`, ms(p99Ms), ms(allowedMs), p99Ms / allowedMs, 1);
    line("", alone, limitMs);
    line(`, ${stalledCount} stalled`, stalling, limitMs);
    line(`, ${boardCount} at once`, atOnce, atOnceLimitMs);
    report.line(
      `${name}, stalled, none`,
      ms(stalling.p99Ms),
      ms(alone.p99Ms),
      stalling.p99Ms / alone.p99Ms,
      1.2,
    );
    report.line(
      `${name}, messages received, due`,
      String(alone.received),
      String(alone.events * subscriberCount),
      (alone.events * subscriberCount) / alone.received,
      1,
    );
    report.line(
      `${name}, encodings, events`,
      String(alone.encodings),
      String(alone.events),
      alone.encodings / alone.events,
      1,
    );
    report.line(
      `${name}, share of a core`,
      `${(alone.cpuShare * 100).toFixed(0)} %`,
      "100 %",
      alone.cpuShare,
      1,
    );
    const megabytes = grown / 1e6;
    report.line(
      `${name}, stalled, memory grown by`,
      `${megabytes.toFixed(0)} MB`,
      "50 MB",
      megabytes / 50,
      1,
    );
    report.line(
      `${name}, stalled, waiting, of ${fillers} readings`,
      String(waiting),
      String(stalledCount * boardCount),
      waiting / (stalledCount * boardCount),
      1,
    );
    report.line(`${name}, cut off`, String(feed.cutOffs - cutOffs), "0", feed.cutOffs - cutOffs, 0);
  } finally {
    for (const group of groups) await group.stop();
    await api.close();
    store.close();
    rmSync(folder, { recursive: true });
  }
}

/** The run with the lower p99. */
function calmer(runs: readonly Measured[]): Measured {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error("nothing was measured");
  return others.reduce((best, run) => (run.p99Ms < best.p99Ms ? run : best), first);
}

interface Source {
  accept(board: number): void;
}

function readingOf(board: number) {
  return sampleReading({ boardId: `b0a4d${board}`, at: new Date().toISOString() });
}

/** One reading after the other, so that each board has one a second. */
async function spread(source: Source, forMs: number): Promise<void> {
  const startMs = performance.now();
  for (let count = 0; ; count++) {
    const dueMs = startMs + (count * 1000) / boardCount;
    if (dueMs - startMs >= forMs) return;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    source.accept(count % boardCount);
  }
}

/** All boards in one moment, once a second. */
async function together(source: Source, forMs: number): Promise<void> {
  for (let second = 0; second * 1000 < forMs; second++) {
    for (let board = 0; board < boardCount; board++) source.accept(board);
    await sleep(1000);
  }
}

/** Readings until those that stall have something waiting for each board: then the system takes no more for them. */
async function fillUp(source: Source, feed: FeedHub): Promise<number> {
  let count = 0;
  while (feed.waiting < stalledCount * boardCount) {
    for (let board = 0; board < boardCount; board++) source.accept(board);
    count += boardCount;
    await sleep(0);
    if (count > 1_000_000) throw new Error("the stalled subscribers take everything");
  }
  return count;
}

interface Measured {
  readonly p99Ms: number;
  readonly events: number;
  readonly encodings: number;
  readonly received: number;
  readonly cpuShare: number;
}

async function measured(
  work: () => Promise<void>,
  { feed, writes, reading }: { feed: FeedHub; writes: Writes; reading: Subscribers },
): Promise<Measured> {
  // What was accepted before arrives first.
  await sleep(500);
  const [published, encodings, received] = [feed.published, feed.encodings, await reading.messages()];
  const [cpu, startMs] = [cpuSeconds(process.pid), performance.now()];
  writes.reset();
  await work();
  const cpuShare = (cpuSeconds(process.pid) - cpu) / ((performance.now() - startMs) / 1000);
  await sleep(500);
  return {
    p99Ms: writes.percentileMs(0.99),
    events: feed.published - published,
    encodings: feed.encodings - encodings,
    received: (await reading.messages()) - received,
    cpuShare,
  };
}

interface Writes {
  /** Accepting event `cursor` began at `beganMs`. */
  accepted(cursor: number, beganMs: number): void;
  reset(): void;
  percentileMs(share: number): number;
}

/** Buckets of a tenth of a millisecond, up to ten seconds. */
const buckets = 100_000;

/**
 * Watches every write to every connection: the time from the call of acceptReading to the return of the write that carries it, for each
 * client that gets it. Writes of the same bytes are looked into once.
 */
function watchWrites(onConnection: (listener: (socket: Socket) => void) => void): Writes {
  const acceptedMs = new Map<number, number>();
  const known = new WeakMap<object, readonly number[]>();
  const histogram = new Uint32Array(buckets);
  const timesIn = (data: Uint8Array): readonly number[] => {
    const seen = known.get(data);
    if (seen !== undefined) return seen;
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString("latin1");
    const times = [...text.matchAll(/"cursor":(\d+)/g)].map((match) => acceptedMs.get(Number(match[1])));
    const found = times.filter((time) => time !== undefined);
    known.set(data, found);
    return found;
  };
  onConnection((socket) => {
    const write = socket.write.bind(socket);
    const watched = (data: Uint8Array | string, ...rest: []): boolean => {
      const result = write(data, ...rest);
      if (typeof data === "string") return result;
      const nowMs = performance.now();
      for (const time of timesIn(data)) {
        const bucket = Math.min(buckets - 1, Math.floor((nowMs - time) * 10));
        histogram[bucket] = (histogram[bucket] ?? 0) + 1;
      }
      return result;
    };
    Object.assign(socket, { write: watched });
  });
  return {
    accepted: (cursor, beganMs) => {
      acceptedMs.set(cursor, beganMs);
      acceptedMs.delete(cursor - 1000);
    },
    reset: () => histogram.fill(0),
    percentileMs: (share) => {
      const all = histogram.reduce((sum, count) => sum + count, 0);
      let left = all * share;
      const bucket = histogram.findIndex((count) => {
        left -= count;
        return left <= 0;
      });
      return all === 0 ? Number.NaN : (bucket + 1) / 10;
    },
  };
}

interface Subscribers {
  /** How many live messages have come to all of them. */
  messages(): Promise<number>;
  stop(): Promise<void>;
}

async function startSubscribers(url: string, count: number, manner: "read" | "stall"): Promise<Subscribers> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", "tsx", resolve(import.meta.dirname, "feed-subscribers.ts"), url, String(count), manner],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  if (!child.stdout) throw new Error("the child has no output");
  const lines: Interface = createInterface({ input: child.stdout });
  await once(lines, "line");
  let isOver = false;
  return {
    messages: async () => {
      const answer = once(lines, "line");
      child.stdin?.write("\n");
      return Number((await answer)[0]);
    },
    stop: async () => {
      if (isOver) return;
      isOver = true;
      const ended = once(child, "exit");
      child.stdin?.end();
      await ended;
    },
  };
}
