import { once } from "node:events";
import { SerialPort } from "serialport";
import { Probe } from "../../src/board/probe.ts";
import { READ_MAP } from "../../src/board/programs.ts";
import { Session } from "../../src/board/session.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import type { BenchReport } from "./harness.ts";

const warmUpRounds = 200;
const rounds = 800;
const limit = 1.3;

/**
 * A verbose read over the pseudo-terminal: heapscope (port, session, machine, parser, metrics) against a bare script
 * with serialport that sends the same bytes and waits for the same end. Two boards of the same kind, in turn.
 */
export async function run(report: BenchReport): Promise<void> {
  const boards = await Promise.all([startEmulatedBoard({ app: null }), startEmulatedBoard({ app: null })]);
  try {
    const port = await openPort(boards[0].url);
    const session = new Session(port, { clock: systemClock });
    const probe = new Probe(session, boards[0].url);
    const bare = await openBare(boards[1].path);
    await probe.identify();
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await timed(() => probe.read({ map: true })));
      floor.push(await timed(() => bare.read()));
    }
    await session.close();
    await bare.close();
    const oursMs = median(ours.slice(warmUpRounds));
    const floorMs = median(floor.slice(warmUpRounds));
    report.line(
      "verbose read over a pty",
      `${oursMs.toFixed(2)} ms`,
      `${floorMs.toFixed(2)} ms`,
      oursMs / floorMs,
      limit,
    );
  } finally {
    await Promise.all(boards.map((board) => board.stop()));
  }
}

/** The least that reads a map by raw-paste: no states, no deadlines, no parser. */
async function openBare(path: string) {
  const serial = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  let received = "";
  let wanted: { readonly text: string; readonly done: () => void } | null = null;
  serial.on("data", (bytes: Buffer) => {
    received += bytes.toString("latin1");
    if (wanted && received.endsWith(wanted.text)) wanted.done();
  });
  const until = (text: string): Promise<void> =>
    new Promise((done) => {
      wanted = { text, done };
    });
  const ask = async (text: string, end: string): Promise<void> => {
    received = "";
    const answered = until(end);
    serial.write(text, "latin1");
    await answered;
  };
  await ask("\r\x01", "raw REPL; CTRL-B to exit\r\n>");
  return {
    read: async () => {
      await ask("\x05A\x01", "\x01");
      await ask(`${READ_MAP}\x04`, "\x04>");
    },
    close: async () => {
      serial.write("\x02");
      serial.close();
      await once(serial, "close");
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >>> 1] ?? Number.NaN;
}
