import { ByteCollector } from "../shared/byte-collector.ts";
import { bytesOf, concatBytes } from "../shared/bytes.ts";
import { ByteSeeker, seekIn } from "./byte-seeker.ts";
import { CTRL_A, CTRL_D, CTRL_E } from "./bytes.ts";
import { PASTE_MODE, RAW_PROMPTS } from "./raw-repl-bytes.ts";
import type { Answer, BusyStateName, Failure, RawReplLimits } from "./raw-repl-effects.ts";

/** What a run asks of the machine it is part of. */
export interface RunHost {
  write(bytes: Uint8Array): void;
  /** Starts the pace timer; what goes out extends the silence, for nothing can come before the last piece. */
  startPace(delayMs: number): void;
  /** Bytes that belong to no answer; returns how many. */
  unsolicited(bytes: Uint8Array): number;
}

export type RunOutcome =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly failure: Failure };

type RunState =
  | { readonly name: "offering"; readonly seeker: ByteSeeker<"accepted" | "refused" | "old" | "pasteMode"> }
  | { readonly name: "window"; readonly lowByte: number | null }
  | {
      readonly name: "pasting";
      readonly windowBytes: number;
      readonly creditBytes: number;
      readonly sentBytes: number;
    }
  | { readonly name: "paste-ending" }
  | { readonly name: "plain"; readonly sentBytes: number }
  | { readonly name: "awaiting-ok"; readonly seeker: ByteSeeker<"ok"> }
  | { readonly name: "stdout" | "traceback" | "prompt" };

/**
 * One program's way through the raw REPL, from the offer of raw-paste to the prompt behind its answer: the rows from
 * `offering` to `prompt` of the table in raw-repl.ts.
 */
export class ProgramRun {
  readonly #program: Uint8Array;
  readonly #limits: RawReplLimits;
  readonly #host: RunHost;
  readonly #stdout = new ByteCollector();
  readonly #traceback = new ByteCollector();
  #state: RunState = { name: "plain", sentBytes: 0 };
  #via: Answer["via"] = "raw-paste";
  #outcome: RunOutcome | null = null;
  #pasteRefused = false;
  /** Raw banners that answer an earlier question, and are no refusal. */
  #lateBanners = 0;

  constructor(program: Uint8Array, limits: RawReplLimits, host: RunHost) {
    this.#program = program;
    this.#limits = limits;
    this.#host = host;
  }

  get state(): BusyStateName {
    return this.#state.name;
  }

  /** Set by the byte that ends the run. */
  get outcome(): RunOutcome | null {
    return this.#outcome;
  }

  /** The board has said that it does not take raw-paste. */
  get pasteRefused(): boolean {
    return this.#pasteRefused;
  }

  /** Whether the board may be reading the program by raw-paste now. */
  get boardReads(): boolean {
    const { name } = this.#state;
    return name === "offering" || name === "window" || name === "pasting" || name === "paste-ending";
  }

  start(via: Answer["via"], lateBanners = 0): void {
    this.#lateBanners = lateBanners;
    if (via === "plain") {
      this.#sendPlain();
      return;
    }
    this.#host.write(Uint8Array.of(CTRL_E, 0x41, CTRL_A));
    this.#awaitReply();
  }

  #awaitReply(): void {
    const patterns = { accepted: "R\x01", refused: "R\x00", old: RAW_PROMPTS.raw, pasteMode: PASTE_MODE };
    this.#state = { name: "offering", seeker: new ByteSeeker(patterns) };
  }

  paceFired(): void {
    this.#sendPiece();
  }

  /** Uses up at least one byte of `bytes` and says how many. */
  consume(bytes: Uint8Array): number {
    const state = this.#state;
    switch (state.name) {
      case "offering":
        return this.#seek(state.seeker, bytes, (found) => this.#offerAnswered(found));
      case "window":
        return this.#takeWindowByte(state.lowByte, bytes[0] ?? 0);
      case "pasting":
        return this.#takePasteByte(state, bytes);
      case "paste-ending":
        return this.#upTo(CTRL_D, bytes, () => this.#output());
      case "plain":
        return this.#host.unsolicited(bytes);
      case "awaiting-ok":
        return this.#seek(state.seeker, bytes, () => this.#output());
      case "stdout":
      case "traceback":
        return this.#collect(state.name, bytes);
      case "prompt":
        return this.#upTo(0x3e, bytes, () => {
          const [stdout, traceback] = [this.#stdout.whole(), this.#traceback.whole()];
          this.#outcome = { kind: "answered", answer: { stdout, traceback, via: this.#via } };
        });
    }
  }

  #offerAnswered(found: "accepted" | "refused" | "old" | "pasteMode"): void {
    if (found === "accepted") {
      this.#state = { name: "window", lowByte: null };
    } else if (found === "pasteMode") {
      this.#host.write(Uint8Array.of(CTRL_D));
      const failure: Failure = { kind: "restarted", state: "offering", saw: bytesOf(PASTE_MODE) };
      this.#outcome = { kind: "failed", failure };
    } else if (found === "old" && this.#lateBanners > 0) {
      this.#lateBanners--;
      this.#awaitReply();
    } else {
      this.#pasteRefused = true;
      this.#sendPlain();
    }
  }

  #seek<Name extends string>(
    seeker: ByteSeeker<Name>,
    bytes: Uint8Array,
    then: (found: Name) => void,
  ): number {
    return seekIn(seeker, bytes, (before) => this.#host.unsolicited(before), then);
  }

  /** Skips to `stop`; what came before belonged to no answer. */
  #upTo(stop: number, bytes: Uint8Array, then: () => void): number {
    const at = bytes.indexOf(stop);
    if (at === -1) return this.#host.unsolicited(bytes);
    if (at > 0) this.#host.unsolicited(bytes.subarray(0, at));
    then();
    return at + 1;
  }

  #takeWindowByte(lowByte: number | null, byte: number): number {
    if (lowByte === null) {
      this.#state = { name: "window", lowByte: byte };
    } else {
      const windowBytes = lowByte | (byte << 8);
      this.#state = { name: "pasting", windowBytes, creditBytes: windowBytes, sentBytes: 0 };
      this.#sendWithinCredit();
    }
    return 1;
  }

  #takePasteByte(state: RunState & { name: "pasting" }, bytes: Uint8Array): number {
    switch (bytes[0]) {
      case CTRL_A:
        this.#state = { ...state, creditBytes: state.creditBytes + state.windowBytes };
        this.#sendWithinCredit();
        return 1;
      case CTRL_D:
        this.#host.write(Uint8Array.of(CTRL_D));
        this.#output();
        return 1;
      default:
        return this.#host.unsolicited(bytes.subarray(0, 1));
    }
  }

  /** The last piece and the end mark go out together: a write of its own would cost the host a turn. */
  #sendWithinCredit(): void {
    if (this.#state.name !== "pasting") return;
    const { creditBytes, sentBytes } = this.#state;
    const piece = this.#program.subarray(sentBytes, sentBytes + creditBytes);
    const sentNow = sentBytes + piece.length;
    if (sentNow < this.#program.length) {
      if (piece.length > 0) this.#host.write(piece);
      this.#state = { ...this.#state, creditBytes: creditBytes - piece.length, sentBytes: sentNow };
    } else {
      this.#host.write(concatBytes([piece, Uint8Array.of(CTRL_D)]));
      this.#state = { name: "paste-ending" };
    }
  }

  #sendPlain(): void {
    this.#via = "plain";
    this.#state = { name: "plain", sentBytes: 0 };
    this.#sendPiece();
  }

  #sendPiece(): void {
    if (this.#state.name !== "plain") return;
    const { sentBytes } = this.#state;
    const piece = this.#program.subarray(sentBytes, sentBytes + this.#limits.pieceBytes);
    if (piece.length > 0) {
      this.#host.write(piece);
      this.#state = { name: "plain", sentBytes: sentBytes + piece.length };
      this.#host.startPace(this.#limits.piecePauseMs);
    } else {
      this.#host.write(Uint8Array.of(CTRL_D));
      this.#state = { name: "awaiting-ok", seeker: new ByteSeeker({ ok: "OK" }) };
    }
  }

  #output(): void {
    this.#state = { name: "stdout" };
  }

  #collect(name: "stdout" | "traceback", bytes: Uint8Array): number {
    const end = bytes.indexOf(CTRL_D);
    const part = name === "stdout" ? this.#stdout : this.#traceback;
    part.add(end === -1 ? bytes : bytes.subarray(0, end));
    if (this.#stdout.length + this.#traceback.length > this.#limits.maxAnswerBytes) {
      const failure: Failure = { kind: "too-long", state: name, limitBytes: this.#limits.maxAnswerBytes };
      this.#outcome = { kind: "failed", failure };
    } else if (end !== -1) {
      this.#state = { name: name === "stdout" ? "traceback" : "prompt" };
    }
    return end === -1 ? bytes.length : end + 1;
  }
}
