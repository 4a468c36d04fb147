import { ByteCollector } from "../shared/byte-collector.ts";
import { bytesOf } from "../shared/bytes.ts";

/**
 * The server's half of RFC 2217 (serial port over Telnet), as far as mpremote and other pyserial programs need it. Every
 * setting is granted and none is carried out: the port is the daemon's, and a client that sets DTR or the baud rate as
 * it opens must not reset the board. Telnet: RFC 854, 855, 856 (binary), 858 (go-ahead).
 */

export const IAC = 0xff;
const DONT = 0xfe;
const DO = 0xfd;
const WONT = 0xfc;
const WILL = 0xfb;
const SB = 0xfa;
const SE = 0xf0;

const BINARY = 0;
const ECHO = 1;
const SUPPRESS_GO_AHEAD = 3;
const COM_PORT = 44;
/** Options that we take for our side, and those that the client may take for its own. The board does the echo. */
const ours: ReadonlySet<number> = new Set([BINARY, ECHO, SUPPRESS_GO_AHEAD, COM_PORT]);
const theirs: ReadonlySet<number> = new Set([BINARY, SUPPRESS_GO_AHEAD, COM_PORT]);

const SIGNATURE = 0;
const SET_BAUD_RATE = 1;
const SET_CONTROL = 5;
const LAST_COMMAND = 12;
/** From a client's command to the server's of the same meaning. */
const TO_SERVER = 100;
const NOTIFY_MODEM_STATE = 107;
/** Clear to send, data set ready, carrier: a board that is there. */
const MODEM_IS_READY = 0xb0;
/** `SET_CONTROL` values that ask: flow control, break, DTR, RTS, inbound flow control. And what we say: none, off, on, on, none. */
const controlAnswers: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [4, 6],
  [7, 8],
  [10, 11],
  [13, 14],
]);
/** Asked with 0. What the port's rate is makes no difference to a client that cannot change it. */
const BAUD_RATE = Uint8Array.of(0x00, 0x01, 0xc2, 0x00);
/** No subnegotiation we know is longer than a few bytes. */
const SUB_LIMIT_BYTES = 64;

type State =
  | { readonly name: "data" }
  | { readonly name: "command" }
  | { readonly name: "option"; readonly verb: number }
  | { readonly name: "sub"; readonly bytes: number[] }
  | { readonly name: "sub-command"; readonly bytes: number[] };

/** One client's side of the conversation. Bytes in, bytes out; chunk borders mean nothing. */
export class ComPortServer {
  #state: State = { name: "data" };
  /** Options that are on, as the verb that asked for them and their number; an answer to an answer would go on for ever. */
  readonly #agreed = new Set<string>();
  #answer = new ByteCollector();

  /** What of the client's bytes is data, and what to answer. */
  hear(bytes: Uint8Array): { readonly data: Uint8Array; readonly answer: Uint8Array } {
    const data = new Uint8Array(bytes.length);
    let length = 0;
    for (const byte of bytes) if (this.#step(byte)) data[length++] = byte;
    const answer = this.#answer.whole();
    this.#answer = new ByteCollector();
    return { data: data.subarray(0, length), answer };
  }

  /** Whether `byte` is data. */
  #step(byte: number): boolean {
    const state = this.#state;
    switch (state.name) {
      case "data":
        if (byte !== IAC) return true;
        this.#state = { name: "command" };
        return false;
      case "command":
        this.#state = { name: "data" };
        if (byte === IAC) return true;
        if (byte >= WILL && byte <= DONT) this.#state = { name: "option", verb: byte };
        else if (byte === SB) this.#state = { name: "sub", bytes: [] };
        return false;
      case "option":
        this.#state = { name: "data" };
        this.#negotiate(state.verb, byte);
        return false;
      case "sub":
        if (byte === IAC) this.#state = { name: "sub-command", bytes: state.bytes };
        else this.#keep(state.bytes, byte);
        return false;
      case "sub-command":
        this.#state = { name: "sub", bytes: state.bytes };
        if (byte === IAC) this.#keep(state.bytes, byte);
        else if (byte === SE) {
          this.#state = { name: "data" };
          this.#setting(state.bytes);
        }
        return false;
    }
  }

  #keep(bytes: number[], byte: number): void {
    if (bytes.length < SUB_LIMIT_BYTES) bytes.push(byte);
  }

  #negotiate(verb: number, option: number): void {
    const isAboutUs = verb === DO || verb === DONT;
    const key = `${isAboutUs ? "we" : "they"} ${option}`;
    if (verb === DONT || verb === WONT) {
      if (this.#agreed.delete(key)) this.#say(IAC, isAboutUs ? WONT : DONT, option);
      return;
    }
    if (this.#agreed.has(key)) return;
    const isKnown = (isAboutUs ? ours : theirs).has(option);
    if (isKnown) this.#agreed.add(key);
    this.#say(IAC, isAboutUs ? (isKnown ? WILL : WONT) : isKnown ? DO : DONT, option);
    if (option === COM_PORT && !isAboutUs) this.#begin();
  }

  /** The client is one of RFC 2217. */
  #begin(): void {
    // The data is 8 bits wide in both directions, which it is not unless both sides say so.
    for (const [ask, side] of [
      [WILL, "we"],
      [DO, "they"],
    ] as const) {
      if (this.#agreed.has(`${side} ${BINARY}`)) continue;
      this.#agreed.add(`${side} ${BINARY}`);
      this.#say(IAC, ask, BINARY);
    }
    this.#tell(NOTIFY_MODEM_STATE, Uint8Array.of(MODEM_IS_READY));
  }

  #setting([option, command, ...value]: readonly number[]): void {
    if (option !== COM_PORT || command === undefined || command > LAST_COMMAND) return;
    this.#tell(command + TO_SERVER, granted(command, Uint8Array.from(value)));
  }

  #tell(command: number, value: Uint8Array): void {
    this.#say(IAC, SB, COM_PORT, command, ...escapeIac(value), IAC, SE);
  }

  #say(...bytes: readonly number[]): void {
    this.#answer.add(Uint8Array.from(bytes));
  }
}

/** A byte that would begin a command is doubled. */
export function escapeIac(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(IAC)) return bytes;
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}

/** What a setting is said to be after the client asked for `value`: just that, or where it only asked, what suits. */
function granted(command: number, value: Uint8Array): Uint8Array {
  const [first = 0] = value;
  if (command === SIGNATURE) return bytesOf("heapscope");
  if (command === SET_BAUD_RATE && !value.some((byte) => byte !== 0)) return BAUD_RATE;
  if (command === SET_CONTROL) return Uint8Array.of(controlAnswers.get(first) ?? first);
  return value;
}
