import { pino } from "pino";
import type { BoardFacts, BoardState } from "../../board/board-status.ts";
import { type BoardDeps, WatchedBoard } from "../../board/watched-board.ts";
import type { WhenBusy } from "../../board/when-busy.ts";
import { type Clock, sleep } from "../../shared/clock.ts";
import { heapscopeError } from "../../shared/errors.ts";
import type { PortKind } from "../../transport/modem-lines.ts";
import { boardSettings } from "../board-settings.ts";
import type { SoakObserved } from "./observed.ts";
import { SoakRecorder } from "./soak-recorder.ts";

export interface WatchSoakOptions {
  /** URL. */
  readonly url: string;
  readonly kind: PortKind;
  readonly emulated: boolean;
  readonly seconds: number;
  /** Between collections. */
  readonly intervalSeconds: number;
  readonly whenBusy: WhenBusy;
  /** From opening the port to the first reading. */
  readonly patienceSeconds: number;
  /** What the board had printed before. */
  readonly bootLines?: readonly string[];
}

export interface WatchedSoak {
  readonly observed: SoakObserved;
  readonly boardId: string;
  /** Null: the board was never asked, because its application reports by itself. */
  readonly facts: BoardFacts | null;
  readonly cutShort: boolean;
}

export type WatchSoakDeps = Pick<BoardDeps, "openPort"> & { readonly clock: Clock };

const mostMapSharePercent = 20;
const mapsInRun = 60;
const askedToRestart =
  "--when-busy restart starts main.py anew for each reading of a program that holds the prompt. Use --when-busy resume, or let the application report by itself (heapscope helper install); one that comes to the prompt needs neither.";
const couldNotResume =
  "--when-busy resume found no asyncio loop to continue, so main.py was started anew. Let the application report by itself (heapscope helper install).";
const promptHeld =
  "its application holds the prompt, and is not interrupted unless you say so. Give --when-busy resume (for an asyncio loop), restart or interrupt, or let the application report by itself (heapscope helper install).";
/** Of a board's state, which tells it in no other way. */
const noLoop = /no asyncio loop to continue/;
/** More than a board's console log keeps. */
const mostLines = 10_000;

/**
 * Watches one board from its first reading on for `seconds`, or until `signal` aborts; the board is at its friendly prompt and the
 * port closed afterwards. `onProgress`: after each result. Throws `soak-unmeasured` where no reading comes at all, and the signal's
 * reason when it aborts before that.
 */
export async function watchSoak(
  options: WatchSoakOptions,
  signal: AbortSignal,
  onProgress: (observed: SoakObserved) => void,
  { clock, openPort }: WatchSoakDeps,
): Promise<WatchedSoak> {
  const recorder = new SoakRecorder(clock);
  const board = new WatchedBoard(settingsOf(options), {
    clock,
    openPort,
    sink: recorder,
    log: pino({ level: "silent" }),
    claimId: (candidate) => candidate,
  });
  for (const line of options.bootLines ?? []) recorder.acceptLine(line);
  let lastLine = 0;
  const hear = (): void => {
    const { lines, next } = board.consoleLog({ after: lastLine, limit: mostLines });
    lastLine = next;
    for (const { text } of lines) recorder.acceptLine(text);
    if (noLoop.test(board.snapshot().state.message)) recorder.startedAnew = couldNotResume;
  };
  recorder.startedAnew = options.whenBusy === "restart" ? askedToRestart : null;
  const begun = new AbortController();
  recorder.restarts = () => board.snapshot().counts.restarts;
  recorder.onNews = () => {
    hear();
    const observed = recorder.observed();
    if (observed === null) return;
    begun.abort();
    onProgress(observed);
  };
  try {
    board.start();
    await firstReading(board, options, begun.signal, signal, clock);
    const cutShort = await endOf(sleep(clock, options.seconds * 1000, signal), signal);
    hear();
    const observed = recorder.observed();
    const { id, facts, state } = board.snapshot();
    if (observed === null)
      throw heapscopeError("soak-unmeasured", { port: options.url, reason: state.message });
    return { observed: copyOf(observed), boardId: id, facts, cutShort };
  } finally {
    recorder.restarts = () => board.snapshot().counts.restarts;
    recorder.onNews = () => {};
    await board.stop();
  }
}

async function firstReading(
  board: WatchedBoard,
  { url, patienceSeconds, whenBusy }: WatchSoakOptions,
  begun: AbortSignal,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  const either = new AbortController();
  const end = (): void => either.abort();
  for (const one of [begun, signal]) one.addEventListener("abort", end, { once: true });
  const patienceIsOver = !(await endOf(sleep(clock, patienceSeconds * 1000, either.signal), either.signal));
  for (const one of [begun, signal]) one.removeEventListener("abort", end);
  if (begun.aborted) return;
  signal.throwIfAborted();
  if (patienceIsOver)
    throw heapscopeError("soak-unmeasured", {
      port: url,
      reason: whyNothing(board.snapshot().state, whenBusy),
    });
}

function whyNothing({ kind, message }: BoardState, whenBusy: WhenBusy): string {
  return kind === "busy" && whenBusy === "skip" ? promptHeld : message;
}

/** Whether `signal` cut the wait short. */
async function endOf(wait: Promise<void>, signal: AbortSignal): Promise<boolean> {
  try {
    await wait;
    return false;
  } catch (error) {
    if (signal.aborted) return true;
    throw error;
  }
}

/** What comes while the board is stopped belongs to no run. */
function copyOf(observed: SoakObserved): SoakObserved {
  const { points, restartsMs, missed, errors, types, newestMaps } = observed;
  return {
    ...observed,
    points: [...points],
    restartsMs: [...restartsMs],
    missed: [...missed],
    errors: [...errors],
    types: [...types],
    newestMaps: [...newestMaps],
  };
}

/** A collection each interval, and half an interval later a reading, which may have a map. */
function settingsOf({ url, kind, emulated, seconds, intervalSeconds, whenBusy }: WatchSoakOptions) {
  const sampling = {
    readIntervalSeconds: intervalSeconds / 2,
    collectIntervalSeconds: intervalSeconds,
    mapIntervalSeconds: Math.max(intervalSeconds, seconds / mapsInRun),
    mapSharePercent: mostMapSharePercent,
    whenBusy,
    // An application that reports by itself is listened to, and left alone.
    helper: "auto" as const,
  };
  return boardSettings(url, {}, sampling, { serialNumber: null, emulated, certain: false, kind });
}
