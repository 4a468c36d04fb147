import { agreedGrowableBytes, disagreement } from "../heap/confirm.ts";
import { figuresOf } from "../heap/figures.ts";
import type { MemInfoRecord } from "../heap/mem-info-record.ts";
import { parseMemInfo } from "../heap/parse-mem-info.ts";
import type { MemInfoFigures } from "../heap/reading.ts";
import { reconcile } from "../heap/reconcile.ts";
import { totalsOnly } from "../heap/totals-only.ts";
import type { Deadlines } from "../protocol/raw-repl-effects.ts";
import { latin1Text, utf8Text } from "../shared/bytes.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { LoadedModule } from "../shared/module-facts.ts";
import type { BoardFacts } from "./board-status.ts";
import { loadedModules } from "./loaded-modules.ts";
import * as programs from "./programs.ts";
import { quirksOf } from "./quirks.ts";
import type { Exchange, Session } from "./session.ts";

/** One answered reading, before it gets an id. */
export interface Probed {
  readonly figures: MemInfoFigures;
  /** The dump as the board printed it, when a map was asked for and adds up. */
  readonly dump: Uint8Array | null;
  readonly durationMs: number;
  readonly wireBytes: number;
}

const QUICK: Deadlines = { silenceMs: 2_000, deadlineMs: 10_000 };
/** 26 s is what a full 4 MB heap takes at 115200 baud. */
const FIRST_MAP: Deadlines = { silenceMs: 2_000, deadlineMs: 60_000 };
/** A collection prints nothing until it is done: 8 MB of PSRAM take about a second. */
const COLLECT: Deadlines = { silenceMs: 10_000, deadlineMs: 10_000 };

/** Asks one connected board. Every method throws the session's errors, `board-raised` and `heap-exhausted`. */
export class Probe {
  readonly #session: Session;
  readonly #port: string;
  readonly #mayAsk: () => void;
  #facts: BoardFacts | null = null;
  /** Measured by the first map; a basic reading alone often cannot tell it. */
  #blockSizeBytes: number | null = null;
  /** How long the last map took. */
  #mapMs: number | null = null;
  /** Which module has the microsecond clock; found by the first collection. */
  #clockModule: "time" | "utime" | "none" = "time";

  /** `mayAsk`: throws where the board is not to be asked any more. */
  constructor(session: Session, port: string, mayAsk: () => void = () => {}) {
    this.#session = session;
    this.#port = port;
    this.#mayAsk = mayAsk;
  }

  /** What the board says of itself. Asked once per connection. */
  async identify(): Promise<BoardFacts> {
    if (this.#facts) return this.#facts;
    const [platform = "", version = "", implementation = "", aiorepl] = (
      await this.#confirmed(programs.IDENTIFY)
    ).split(/\r?\n/);
    if (aiorepl === "True") await this.#session.sharePrompt();
    const uniqueId = await this.#confirmed(programs.UNIQUE_ID).catch(noneIfRaised);
    const hasMemInfo = (await this.#print(programs.HAS_MEM_INFO)) === "True";
    this.#facts = {
      platform,
      firmware: firmwareName(version, implementation),
      machine: /_machine='([^']*)'/.exec(implementation)?.[1] ?? null,
      uniqueId: uniqueId === "" ? null : uniqueId,
      hasMemInfo,
    };
    return this.#facts;
  }

  /** Reads the heap. Throws `dump-damaged` when the answer does not add up. */
  async read(options: { readonly map: boolean }): Promise<Probed> {
    const { hasMemInfo } = await this.identify();
    if (!hasMemInfo) return this.#readTotals();
    const exchange = await this.#answer(
      options.map ? programs.READ_MAP : programs.READ,
      options.map ? this.#mapDeadlines() : QUICK,
    );
    const { durationMs, wireBytes } = exchange;
    const [first, record] = this.#twoRecordsIn(exchange.stdout);
    const doubt = disagreement(first, record);
    if (doubt) throw this.#damaged(doubt.text);
    const verdict = reconcile(record);
    if (verdict.kind === "corrupt") throw this.#damaged(verdict.problem.text);
    if (options.map && !record.map) throw this.#damaged("the answer holds no map");
    const heap = { ...record.heap, growableBytes: agreedGrowableBytes(first, record) };
    const figures = figuresOf({ ...record, heap }, this.#blockSizeBytes, verdict);
    if (record.map) {
      this.#blockSizeBytes = record.map.blockSizeBytes;
      this.#mapMs = durationMs;
    }
    const dump = record.map ? exchange.stdout.slice(record.startByte, record.endByte) : null;
    return { figures, dump, durationMs, wireBytes };
  }

  /** A board that restarts in mid-map into a program that prints is never silent: what a map may take is learnt from the last. */
  #mapDeadlines(): Deadlines {
    if (this.#mapMs === null) return FIRST_MAP;
    return { ...FIRST_MAP, deadlineMs: Math.min(FIRST_MAP.deadlineMs, 5_000 + 4 * this.#mapMs) };
  }

  #twoRecordsIn(stdout: Uint8Array): readonly [MemInfoRecord, MemInfoRecord] {
    const records = parseMemInfo(stdout).map((finding) => {
      if (finding.kind === "problem") throw this.#damaged(finding.problem.text);
      return finding.record;
    });
    const [first, second] = records;
    if (first && second && records.length === 2) return [first, second];
    throw this.#damaged(`expected two answers of mem_info(), found ${records.length}`);
  }

  /** Runs `gc.collect()` and returns its pause in ms by the board's own clock, null where the board has none. */
  async collect(): Promise<number | null> {
    const { platform } = await this.identify();
    if (quirksOf(platform).collectsAfterProgram) {
      await this.#answer(programs.COLLECT_UNTIMED, COLLECT);
      return milliseconds(await this.#print(programs.LAST_COLLECTION_US));
    }
    while (this.#clockModule !== "none") {
      const exchange = await this.#session.run(programs.collectTimed(this.#clockModule), COLLECT);
      if (exchange.traceback.length === 0) return milliseconds(utf8Text(exchange.stdout));
      if (isGarbled(exchange) || !/ImportError|AttributeError/.test(latin1Text(exchange.traceback)))
        this.#raise(exchange);
      this.#clockModule = this.#clockModule === "time" ? "utime" : "none";
    }
    await this.#answer(programs.COLLECT_UNTIMED, COLLECT);
    return null;
  }

  /** The modules that the board has loaded; null where its firmware keeps no list of them. Reads only. */
  modules(): Promise<readonly LoadedModule[] | null> {
    return loadedModules(this.#port, (program) => this.#confirmed(program));
  }

  async #readTotals(): Promise<Probed> {
    const { stdout, durationMs, wireBytes } = await this.#answer(programs.READ_TOTALS, QUICK);
    const [usedBytes, freeBytes] = utf8Text(stdout).trim().split(" ").map(Number);
    if (!Number.isInteger(usedBytes) || !Number.isInteger(freeBytes)) {
      throw this.#damaged(
        `expected two numbers from gc.mem_alloc() and gc.mem_free(), found ${utf8Text(stdout)}`,
      );
    }
    return { figures: totalsOnly(usedBytes ?? 0, freeBytes ?? 0), dump: null, durationMs, wireBytes };
  }

  async #print(source: string): Promise<string> {
    return utf8Text((await this.#answer(source, QUICK)).stdout).trim();
  }

  /** Two equal answers: nothing else would tell a lost byte in them. */
  async #confirmed(source: string): Promise<string> {
    const [first, second] = [await this.#print(source), await this.#print(source)];
    if (first !== second) {
      const traceback = `two answers to the same question: ${JSON.stringify(first)}, ${JSON.stringify(second)}`;
      throw heapscopeError("program-garbled", { port: this.#port, traceback });
    }
    return first;
  }

  /** The exchange of a program that must end without an exception. */
  async #answer(source: string, deadlines: Deadlines): Promise<Exchange> {
    this.#mayAsk();
    const exchange = await this.#session.run(source, deadlines);
    if (exchange.traceback.length > 0) this.#raise(exchange);
    return exchange;
  }

  #raise(exchange: Exchange): never {
    const whole = latin1Text(exchange.traceback).trim();
    const traceback = whole.split(/\r?\n/).at(-1) ?? whole;
    const port = this.#port;
    if (whole.includes("MemoryError")) throw heapscopeError("heap-exhausted", { port });
    if (isGarbled(exchange)) throw heapscopeError("program-garbled", { port, traceback });
    throw heapscopeError("board-raised", { port, traceback });
  }

  #damaged(problem: string): Error {
    return heapscopeError("dump-damaged", { source: this.#port, problem });
  }
}

/** What some port's unique_id() may raise says that it has none. */
function noneIfRaised(error: unknown): string {
  if (error instanceof HeapscopeError && error.code === "board-raised") return "";
  throw error;
}

/** Our programs have no such faults, so the link made them. Without flow control a UART loses or doubles a byte at times. */
function isGarbled({ traceback }: Exchange): boolean {
  return /^(SyntaxError|IndentationError|NameError)\b/m.test(latin1Text(traceback));
}

function milliseconds(microsecondsText: string): number | null {
  const microseconds = Number(microsecondsText.trim());
  return microsecondsText.trim() !== "" && Number.isFinite(microseconds) ? microseconds / 1000 : null;
}

/**
 * `sys.version` is `3.4.0; MicroPython v1.20.0 on 2023-04-26` since v1.20 and `3.4.0` before; there
 * `sys.implementation` still knows the numbers.
 */
function firmwareName(version: string, implementation: string): string {
  const named = version.split("; ")[1];
  if (named) return named;
  const numbers = /version=\((\d+), (\d+), (\d+)/.exec(implementation);
  return numbers ? `MicroPython v${numbers.slice(1, 4).join(".")}` : "MicroPython";
}
