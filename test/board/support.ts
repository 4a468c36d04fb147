import { pino } from "pino";
import { afterEach, expect } from "vitest";
import type { BoardSink } from "../../src/board/board-sink.ts";
import type { BoardSnapshot } from "../../src/board/board-status.ts";
import { BoardRegistry } from "../../src/board/registry.ts";
import type { BoardSettings } from "../../src/board/watched-board.ts";
import type { Collection, Missed, Reading } from "../../src/heap/reading.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { FakeBoard, type FakeBoardOptions } from "../support/fake-board.ts";
import { firmware } from "../support/fake-firmware.ts";
import { type FakePort, fakePort, straight, type Wire } from "../support/fake-port.ts";
import { ManualClock } from "../support/manual-clock.ts";

export const url = "serial:/dev/fake0";
const plan = { readIntervalMs: 10_000, collectIntervalMs: 60_000, mapIntervalMs: 300_000, mapShare: 0.02 };
export const settings: BoardSettings = {
  port: url,
  name: "bench",
  serialNumber: null,
  emulated: false,
  plan,
  whenBusy: "skip",
  certain: false,
  portOptions: { baudRate: 115200 },
};

/** A sink that keeps what it gets. */
export class Notebook implements BoardSink {
  readonly readings: Reading[] = [];
  readonly collections: Collection[] = [];
  readonly missed: Missed[] = [];
  readonly states: string[] = [];
  readonly dumps: string[] = [];
  /** As while the history cannot take them: ids below zero. */
  waits = false;
  #id = 0;

  acceptReading(reading: Reading, dump: Uint8Array | null) {
    this.#id++;
    const stored = { ...reading, id: this.waits ? -this.#id : this.#id };
    this.readings.push(stored);
    if (dump) this.dumps.push(Buffer.from(dump).toString("latin1"));
    return stored;
  }
  acceptCollection(collection: Collection) {
    this.collections.push(collection);
    return { ...collection, id: ++this.#id };
  }
  acceptMissed(missed: Missed) {
    this.missed.push(missed);
  }
  acceptBoard(snapshot: BoardSnapshot) {
    this.states.push(`${snapshot.id} ${snapshot.state.kind}`);
  }
}

const running: { registry: BoardRegistry; clock: ManualClock }[] = [];

afterEach(async () => {
  for (const { registry, clock } of running.splice(0)) {
    const stopped = registry.stop();
    await clock.advance(10_000);
    await stopped;
    expect(clock.pending).toBe(0);
  }
});

export interface WatchOptions {
  readonly plugged?: boolean;
  readonly wire?: Wire;
  readonly clock?: ManualClock;
  readonly board?: Partial<FakeBoardOptions>;
  /** Before the port is opened for the first time. */
  readonly prepare?: (board: FakeBoard) => void;
}

/** A registry with one fake board, watched on a manual clock. Stopped after the test, with no timer left. */
export function watch(change: Partial<BoardSettings> = {}, options: WatchOptions = {}) {
  const program = firmware();
  const board = new FakeBoard({ paste: "yes", run: program.run, ...options.board });
  options.prepare?.(board);
  const clock = options.clock ?? new ManualClock();
  const sink = new Notebook();
  const world = {
    plugged: options.plugged ?? true,
    port: null as FakePort | null,
    opened: 0,
    wire: options.wire ?? straight,
  };
  const registry = new BoardRegistry({
    clock,
    sink,
    log: pino({ level: "silent" }),
    openPort: async () => {
      world.opened++;
      if (!world.plugged) throw heapscopeError("port-not-found", { port: url });
      world.port = fakePort(board, url);
      world.port.wire = world.wire;
      return world.port;
    },
  });
  registry.add({ ...settings, ...change });
  running.push({ registry, clock });
  const snapshot = () => registry.list()[0]!;
  return { program, board, clock, sink, registry, world, snapshot };
}
