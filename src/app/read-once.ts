import type { BoardFacts } from "../board/board-status.ts";
import { Probe, type Probed } from "../board/probe.ts";
import { collectionChange, readingOf, readTwice } from "../board/results.ts";
import { Session } from "../board/session.ts";
import type { BlockMap } from "../heap/block-map.ts";
import { parseMemInfo } from "../heap/parse-mem-info.ts";
import type { Collection, Reading, ReadingPhase } from "../heap/reading.ts";
import { type Clock, systemClock } from "../shared/clock.ts";
import { openPort } from "../transport/open-port.ts";
import { defaultPortOptions, type Port } from "../transport/port.ts";
import { canonicalPortUrl } from "../transport/port-url.ts";
import { portKindOf } from "./port-settings.ts";
import { type RecordingNews, recordPorts } from "./record-ports.ts";

export type { BoardFacts } from "../board/board-status.ts";
export type { BlockMap, MapArea } from "../heap/block-map.ts";
export type { Reading } from "../heap/reading.ts";

/** A collection that is not stored: its readings have no ids. */
export type UnstoredCollection = Omit<Collection, "beforeId" | "afterId"> & {
  readonly beforeId: null;
  readonly afterId: null;
};

export interface ReadOnceOptions {
  /** URL or device path. */
  readonly port: string;
  readonly map: boolean;
  readonly collect: boolean;
}

export interface ReadOnceResult {
  readonly facts: BoardFacts;
  /** As the port is opened, such as `serial:/dev/ttyACM0`. */
  readonly port: string;
  /** The last one; after a collection the one behind it. */
  readonly reading: Reading;
  /** Of `reading`; null when none was asked for, or the board cannot. */
  readonly map: BlockMap | null;
  readonly collected: { readonly before: Reading; readonly collection: UnstoredCollection } | null;
}

export interface ReadOnceDeps {
  readonly clock: Clock;
  readonly openPort: (url: string, signal: AbortSignal) => Promise<Port>;
}

const systemDeps: ReadOnceDeps = {
  clock: systemClock,
  openPort: async (url, signal) =>
    openPort(url, signal, { ...defaultPortOptions, kind: await portKindOf(url) }),
};

/**
 * Opens the port, reads the heap once (before and after a collection, when asked), and leaves the board at its friendly
 * prompt with the port closed, also when `signal` aborts. Throws the errors of opening and of the exchange.
 */
export async function readOnce(
  options: ReadOnceOptions,
  signal: AbortSignal,
  deps: ReadOnceDeps = systemDeps,
): Promise<ReadOnceResult> {
  return withBoard(options.port, signal, deps, (probe, url) => readAll(probe, url, options, deps.clock));
}

/** The maps of a heap before and after a collection, null where the firmware prints none. */
export interface MapsAroundCollection {
  readonly facts: BoardFacts;
  readonly port: string;
  readonly before: BlockMap | null;
  /** Of the first reading. */
  readonly growableBytes: number | null;
  readonly after: BlockMap | null;
}

/** Reads a map, collects, reads a map. Otherwise as `readOnce`. */
export async function readAroundCollection(
  port: string,
  signal: AbortSignal,
  deps: ReadOnceDeps = systemDeps,
): Promise<MapsAroundCollection> {
  return withBoard(port, signal, deps, async (probe, url) => {
    const facts = await probe.identify();
    const before = await readTwice(probe, { map: true });
    await probe.collect();
    const after = await readTwice(probe, { map: true });
    const { growableBytes } = before.figures.heap;
    return { facts, port: url, before: mapOf(before), growableBytes, after: mapOf(after) };
  });
}

/** Lends the board at `port` to `work`; `url`: as the port is opened. */
async function withBoard<Result>(
  port: string,
  signal: AbortSignal,
  deps: ReadOnceDeps,
  work: (probe: Probe, url: string) => Promise<Result>,
): Promise<Result> {
  const url = canonicalPortUrl(port);
  const session = new Session(await deps.openPort(url, signal), { clock: deps.clock });
  const abort = (): void => void session.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    return await work(new Probe(session, url), url);
  } catch (error) {
    // Closing the session ends a running exchange with port-vanished; the reason is ours.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    await session.close();
  }
}

/**
 * As `readOnce`; what goes over the wire is in a new folder in `dir` when this returns or throws. Throws also
 * `record-folder-unusable`, before the port is opened.
 */
export async function readRecorded(
  options: ReadOnceOptions,
  dir: string,
  news: RecordingNews,
  signal: AbortSignal,
): Promise<ReadOnceResult> {
  const { clock } = systemDeps;
  const recorder = await recordPorts(dir, openPort, clock, news);
  try {
    return await readOnce(options, signal, { clock, openPort: recorder.openPort });
  } finally {
    await recorder.finish();
  }
}

async function readAll(
  probe: Probe,
  url: string,
  { map, collect }: ReadOnceOptions,
  clock: Clock,
): Promise<ReadOnceResult> {
  const facts = await probe.identify();
  const boardId = facts.uniqueId ?? url.replace(/^serial:/, "");
  const read = async (
    phase: ReadingPhase,
    withMap: boolean,
  ): Promise<{ reading: Reading; probed: Probed }> => {
    const probed = await readTwice(probe, { map: withMap });
    return { reading: readingOf(probed, phase, boardId, now(clock)), probed };
  };
  if (!collect) {
    const { reading, probed } = await read("on-demand", map);
    return { facts, port: url, reading, map: mapOf(probed), collected: null };
  }
  const before = (await read("before-collect", map)).reading;
  const pauseMs = await probe.collect();
  const after = await read("after-collect", map);
  const collection = collectionOf(before, after.reading, pauseMs, now(clock));
  return {
    facts,
    port: url,
    reading: after.reading,
    map: mapOf(after.probed),
    collected: { before, collection },
  };
}

function collectionOf(
  before: Reading,
  after: Reading,
  pauseMs: number | null,
  at: string,
): UnstoredCollection {
  return {
    id: null,
    boardId: before.boardId ?? "",
    at,
    beforeId: null,
    afterId: null,
    ...collectionChange(before, after),
    pauseMs,
  };
}

function mapOf({ dump }: Probed): BlockMap | null {
  const finding = dump === null ? undefined : parseMemInfo(dump).at(-1);
  return finding?.kind === "record" ? finding.record.map : null;
}

function now(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
