import type { Port } from "../../src/transport/port.ts";

const CTRL_C = 3;

/** What the link does to one byte on its way to the board. `at`: from 0, counted from the mark. */
export interface HostFault {
  readonly kind: "drop" | "double" | "garble";
  readonly at: number;
}

/** The bit that is flipped. With this one no byte of ours becomes a control byte but `A`, which becomes Ctrl-A. */
const FLIPPED_BIT = 0x40;
/** What is kept of what was said since the last mark. */
const KEPT_CHARS = 30_000;
/** About two exchanges. */
const RECENT_CHARS = 3_000;
const KEPT_ARRIVALS = 2_000;

/** One direction's bytes, and when they came. */
export interface Tally {
  readonly bytes: number;
  readonly arrivals: readonly { readonly total: number; readonly atMs: number }[];
}

const emptyTally: Tally = { bytes: 0, arrivals: [] };

/** Listens in on a bench's port, whichever connection it is. Text is latin1, a character per byte. */
export class Wire {
  readonly #nowMs: () => number;
  #boardText = "";
  #recentText = "";
  #hostText = "";
  #fromBoard: Tally = emptyTally;
  #fromHost: Tally = emptyTally;
  #story = "";
  #interrupts = 0;
  #openPorts = 0;
  /** What happens to bytes on their way to the board. */
  hostFault: HostFault | null = null;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Begins anew; the count of interrupts goes on, and what is recent stays so. */
  mark(): void {
    this.#boardText = "";
    this.#hostText = "";
    this.#fromBoard = emptyTally;
    this.#fromHost = emptyTally;
    this.#story = "";
  }

  /** What the board said since the mark. */
  get boardText(): string {
    return this.#boardText;
  }

  /** The last that the board said, whenever the mark was. */
  get recentText(): string {
    return this.#recentText;
  }

  /** What the host meant to say. */
  get hostText(): string {
    return this.#hostText;
  }

  /** From the board, since the host first wrote after the mark: what fault positions count. */
  get fromBoard(): Tally {
    return this.#fromBoard;
  }

  get fromHost(): Tally {
    return this.#fromHost;
  }

  /** When byte `at` of what positions count came, or would have come. */
  timeOfByte(of: "board's output" | "host's output", at: number): number {
    const { arrivals } = of === "board's output" ? this.#fromBoard : this.#fromHost;
    const [begin] = this.#fromHost.arrivals;
    const before = at === 0 ? begin : arrivals.find(({ total }) => total >= at);
    return before?.atMs ?? Number.NaN;
  }

  get isOpen(): boolean {
    return this.#openPorts > 0;
  }

  /** Every Ctrl-C that was ever sent. */
  get interrupts(): number {
    return this.#interrupts;
  }

  /** Both directions since the mark, in order: `→ "\r\x01"`, `← "raw REPL…"`. */
  get story(): string {
    return this.#story;
  }

  tap(port: Port): Port {
    this.#openPorts++;
    void port.closed.then(() => this.#openPorts--);
    return {
      url: port.url,
      closed: port.closed,
      close: () => port.close(),
      listen: (onBytes) =>
        port.listen((bytes) => {
          const text = this.#note("←", bytes);
          this.#boardText = (this.#boardText + text).slice(-KEPT_CHARS);
          this.#recentText = (this.#recentText + text).slice(-RECENT_CHARS);
          if (this.#fromHost.bytes > 0) this.#fromBoard = this.#grown(this.#fromBoard, bytes);
          onBytes(bytes);
        }),
      write: (bytes) => {
        const arriving = damaged(bytes, this.#fromHost.bytes, this.hostFault);
        this.#note("→", arriving);
        this.#hostText = (this.#hostText + latin1(bytes)).slice(-KEPT_CHARS);
        this.#fromHost = this.#grown(this.#fromHost, bytes);
        for (const byte of bytes) if (byte === CTRL_C) this.#interrupts++;
        return arriving.length > 0 ? port.write(arriving) : Promise.resolve();
      },
    };
  }

  #grown({ bytes, arrivals }: Tally, chunk: Uint8Array): Tally {
    const total = bytes + chunk.length;
    return { bytes: total, arrivals: [...arrivals, { total, atMs: this.#nowMs() }].slice(-KEPT_ARRIVALS) };
  }

  #note(arrow: "→" | "←", bytes: Uint8Array): string {
    const text = latin1(bytes);
    const line = `\n${(this.#nowMs() / 1000).toFixed(2)} s ${arrow} ${JSON.stringify(text)}`;
    this.#story = (this.#story + line).slice(-KEPT_CHARS);
    return text;
  }
}

function damaged(bytes: Uint8Array, before: number, fault: HostFault | null): Uint8Array {
  const index = fault ? fault.at - before : -1;
  const byte = bytes[index];
  if (fault === null || byte === undefined) return bytes;
  const arriving = {
    drop: [],
    double: [byte, byte],
    garble: [byte ^ FLIPPED_BIT],
  }[fault.kind];
  return Uint8Array.from([...bytes.subarray(0, index), ...arriving, ...bytes.subarray(index + 1)]);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
