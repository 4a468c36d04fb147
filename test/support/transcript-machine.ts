import { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Effect, TimerName } from "../../src/protocol/raw-repl-effects.ts";
import type { WireChunk } from "../../src/transport/wire-lines.ts";
import type { Cut } from "./drive-repl.ts";
import { otherThan, type Transcript, wireBytes } from "./transcript.ts";

/** What the machine made of a connection. Texts are latin1. */
export interface MachineResult {
  /** What it reported, in order: `entered`, `answered` with its answer, `failed` with kind and state … */
  readonly reports: readonly unknown[];
  /** All bytes that belonged to no answer. */
  readonly unsolicited: string;
}

const OFFER = "\x05A\x01";
/** As board/session and board/probe have them. */
const ENTER = { silenceMs: 1_500, deadlineMs: 3_000 };
const RUN = { silenceMs: 2_000, deadlineMs: 60_000 };
const LEAVE = { silenceMs: 300, deadlineMs: 600 };
/** Neighbours so close are one chunk, ms. */
const CLOSE_MS = 50;

/**
 * Has the machine live through a recorded connection: it gets the board's bytes, in the given cuts, when it has written
 * what the host wrote before them; its timers end by the recording's time. Where the recorded host wrote something that
 * the machine does not, it was asked for something. Throws when it writes anything else than the recorded host.
 */
export function playToMachine(transcript: Transcript, cut: Cut): MachineResult {
  const repl = new RawRepl();
  const steps = mergedSteps(transcript.steps);
  /** When they end, by the recording's time. */
  const timers = new Map<TimerName, number>();
  let nowMs = 0;
  const reports: unknown[] = [];
  let unsolicited = "";
  let unread = "";

  const perform = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.kind === "write") unread += Buffer.from(effect.bytes).toString("latin1");
      else if (effect.kind === "start-timer") timers.set(effect.timer, nowMs + effect.delayMs);
      else if (effect.kind === "stop-timer") timers.delete(effect.timer);
      else if (effect.kind === "unsolicited") unsolicited += Buffer.from(effect.bytes).toString("latin1");
      else reports.push(plainReport(effect));
    }
  };
  const expire = (timer: TimerName, atMs: number): void => {
    nowMs = atMs;
    timers.delete(timer);
    perform(repl.timerFired(timer));
  };

  for (let at = 0; at < steps.length; ) {
    const step = steps[at]!;
    const first = firstOf(timers);
    if (unread !== "" && step.from === "host") {
      if (!unread.startsWith(step.text)) throw new Error(wrong(step, unread));
      unread = unread.slice(step.text.length);
      at++;
    } else if (first && first.dueMs <= step.ms) {
      expire(first.timer, first.dueMs);
    } else if (step.from === "board") {
      nowMs = step.ms;
      for (const chunk of cut(wireBytes(step.text))) perform(repl.receive(chunk));
      at++;
    } else if (first) {
      // The host cannot have been waiting: its timers are shorter than ours.
      expire(first.timer, step.ms);
    } else {
      nowMs = step.ms;
      perform(request(repl, steps.slice(at)));
      if (unread === "") throw new Error(wrong(step, ""));
    }
  }
  if (unread !== "") throw new Error(`after the end: ${otherThan("", unread)}`);
  return { reports, unsolicited };
}

interface Step extends WireChunk {
  /** In the file, of its first chunk. */
  readonly line: number;
  readonly endMs: number;
}

/** Neighbours of the board's as one. */
function mergedSteps(chunks: readonly WireChunk[]): readonly Step[] {
  const steps: Step[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const last = steps.at(-1);
    if (last?.from === "board" && chunk.from === "board" && chunk.ms - last.endMs < CLOSE_MS) {
      steps[steps.length - 1] = { ...last, text: last.text + chunk.text, endMs: chunk.ms };
    } else steps.push({ ...chunk, line: index + 2, endMs: chunk.ms });
  }
  return steps;
}

function firstOf(
  timers: ReadonlyMap<TimerName, number>,
): { readonly timer: TimerName; readonly dueMs: number } | undefined {
  const sorted = [...timers].sort(([, one], [, other]) => one - other);
  return sorted.map(([timer, dueMs]) => ({ timer, dueMs }))[0];
}

/** Asks the machine for what makes the host write the first of `steps`. */
function request(repl: RawRepl, steps: readonly Step[]): readonly Effect[] {
  const text = steps[0]?.text ?? "";
  if (text.startsWith("\x02") && repl.state === "ready") return repl.leave(LEAVE);
  if (text.startsWith("\x02") || text.startsWith("#\x04")) return repl.abandon();
  if (repl.state !== "ready") return repl.enter(ENTER);
  const written = steps.flatMap(({ from, text }) => (from === "host" ? [text] : [])).join("");
  // An offer that stayed unanswered leaves no trace of its program, which then does not matter.
  const program = written.replace(OFFER, "").split("\x04")[0] ?? "";
  return repl.run(wireBytes(program), RUN);
}

/** Without what depends on limits and wording. */
function plainReport(effect: Effect): unknown {
  if (effect.kind === "failed") {
    const { kind, state } = effect.failure;
    return { kind: "failed", failure: { kind, state } };
  }
  return JSON.parse(
    JSON.stringify(effect, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    ),
  );
}

function wrong({ line, text }: Step, written: string): string {
  return `line ${line}: ${otherThan(text, written)}`;
}
