import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { canonicalPortUrl } from "../../src/transport/port-url.ts";
import { microBitMissing, startMicroBitOverPty, startMicroBitOverTcp } from "./micro-bit.ts";

/** A board that the suite runs against. */
export interface BoardUnderTest {
  readonly name: string;
  /** Why it cannot be had here, as a sentence; null when it can. */
  readonly missing: string | null;
  /** What is known of it beforehand; a board given by BOARD may be anything. */
  readonly known: Known | null;
  start(): Promise<{ readonly url: string; stop(): Promise<void> }>;
}

export interface Known {
  readonly platform: string;
  readonly firmware: RegExp;
  readonly heapBytes: number;
  readonly blockBytes: number;
}

const microBit: Known = {
  platform: "microbit",
  firmware: /^MicroPython v1\.9\.2$/,
  heapBytes: 10_048,
  blockBytes: 16,
};

/** Releases of MicroPython's WebAssembly port: the bundled one, and what package.json brings for these tests. */
const interpreters: readonly Interpreter[] = [
  { version: "1.23.0", module: "micropython-1.23" },
  { version: "1.24.1", module: "micropython-1.24" },
  { version: "1.25.0", module: "micropython-1.25" },
  { version: "1.26.0", module: "micropython-1.26" },
  { version: "1.27.0", module: null },
];

interface Interpreter {
  readonly version: string;
  /** null: whatever an emulated board has where nothing else is asked for. */
  readonly module: string | null;
}

function emulated({ version, module }: Interpreter): BoardUnderTest {
  return {
    name: `emulated board, MicroPython ${version}`,
    missing: null,
    known: {
      platform: "webassembly",
      firmware: new RegExp(`^MicroPython v${version.replaceAll(".", "\\.")}\\b`),
      heapBytes: 64_000,
      blockBytes: 16,
    },
    start: () => startEmulatedBoard({ app: null, ...(module === null ? {} : { interpreter: module }) }),
  };
}

/** The board at the URL in BOARD; without it those that need no hardware. */
export function boardsUnderTest(): readonly BoardUnderTest[] {
  const { BOARD: url } = process.env;
  if (url) {
    const canonical = canonicalPortUrl(url);
    const start = () => Promise.resolve({ url: canonical, stop: () => Promise.resolve() });
    return [{ name: canonical, missing: null, known: null, start }];
  }
  const missing = microBitMissing();
  return [
    ...interpreters.map(emulated),
    { name: "micro:bit in QEMU over TCP", missing, known: microBit, start: startMicroBitOverTcp },
    {
      name: "micro:bit in QEMU over its pseudo-terminal",
      missing,
      known: microBit,
      start: startMicroBitOverPty,
    },
  ];
}
