import { expect } from "vitest";
import type { FaultPlan } from "../../src/emulator/faults.ts";
import type { Bench, Stored } from "./bench.ts";
import type { Conduct } from "./conduct.ts";
import { Truth } from "./truth.ts";
import type { HostFault } from "./wire.ts";

/** What one fault did. */
export interface Struck {
  /** Readings that were due and did not come. */
  readonly lost: number;
  /** From the fault to the next stored reading, the daemon's ms. */
  readonly recoverMs: number;
  /** It had to be attached by hand: a watchdog was suspected. */
  readonly attached: boolean;
}

/** One fault, at one byte of the exchange that comes next. */
export type Blow =
  | {
      readonly to: "board's output";
      readonly plan: FaultPlan;
      readonly at: number;
      /** The fault restarts the board. */
      readonly restarts?: boolean;
      /** What has to be done about it; resolves with the moment from which recovery counts, null = the fault itself. */
      readonly after?: (bench: Bench) => Promise<number | null>;
    }
  | { readonly to: "host's output"; readonly fault: HostFault; readonly restarts?: boolean };

/** A bench in the situation of its policy, and what it does where nothing goes wrong. */
export interface Stage {
  readonly bench: Bench;
  readonly conduct: Conduct;
  readonly truth: Truth;
  /** What an exchange consists of, latin1: from the board, and from the host. */
  readonly clean: { readonly text: string; readonly hostText: string };
  /** Readings that overlap with an exchange without a fault, as where a held prompt is waited for. */
  readonly cleanLost: number;
}

const LESSONS = 12;
/** Longer than the 60 s that a map may take: a board that prints meanwhile is never silent. */
const PATIENCE_MS = 90_000;

export function suspectsWatchdog(bench: Bench): boolean {
  const { kind, message } = bench.snapshot.state;
  return (kind === "busy" || kind === "rebooting") && message.includes("a watchdog, it seems");
}

/** Learns what is right, by raw-paste: a board that was slow to answer once may have lost it for that connection. */
export async function setTheStage(bench: Bench, conduct: Conduct): Promise<Stage> {
  const stage = await learn(bench, conduct);
  if (stage.clean.text.includes("R\x01")) return stage;
  await bench.watched.release(null);
  bench.watched.attach();
  await bench.until("it is open again", () => bench.wire.isOpen);
  return learn(bench, conduct);
}

async function learn(bench: Bench, conduct: Conduct): Promise<Stage> {
  const truth = new Truth();
  let cleanLost = 0;
  let clean = { text: "", hostText: "" };
  const storedFirst = bench.stored.length;
  await bench.until("the first reading", () => bench.stored.length > storedFirst);
  for (let lesson = 0; lesson < LESSONS; lesson++) {
    await conduct.calm(bench);
    const [storedBefore, missedBefore] = [bench.stored.length, bench.missed.length];
    bench.wire.mark();
    conduct.go(bench);
    await bench.until("a reading", () => bench.stored.length > storedBefore);
    cleanLost = Math.max(cleanLost, bench.missed.length - missedBefore);
    await conduct.kept(bench, false);
    for (const { reading } of bench.stored.slice(storedBefore)) truth.learn(reading);
    const { fromBoard, hostText, boardText } = bench.wire;
    clean = { text: boardText.slice(-fromBoard.bytes), hostText };
  }
  return { bench, conduct, truth, clean: { ...clean, text: conduct.exchangeIn(clean.text) }, cleanLost };
}

/** Lets one fault strike the next exchange, and watches until readings come again and the program is as it should be. */
export async function strike({ bench, conduct, truth, cleanLost }: Stage, blow: Blow): Promise<Struck> {
  const { board, wire } = bench;
  await conduct.calm(bench);
  const [storedBefore, missedBefore] = [bench.stored.length, bench.missed.length];
  wire.mark();
  if (blow.to === "board's output") await board.setFaults(blow.plan);
  else wire.hostFault = blow.fault;
  conduct.go(bench);
  const at = blow.to === "board's output" ? blow.at : blow.fault.at;
  const tallyNow = (): number => (blow.to === "board's output" ? wire.fromBoard : wire.fromHost).bytes;
  // Bytes that were under way are lost with the port.
  const hasStruck = (): boolean => (tallyNow() >= at && wire.fromHost.bytes > 0) || !wire.isOpen;
  await bench.until("the fault", hasStruck);
  const fromMs = blow.to === "board's output" ? ((await blow.after?.(bench)) ?? null) : null;
  const since = fromMs ?? wire.timeOfByte(blow.to, at);
  const isAfter = ({ atMs }: Stored): boolean => atMs >= since;
  const isBack = (): boolean => bench.stored.slice(storedBefore).some(isAfter);
  const restarts = blow.restarts === true;
  const isSuspected = (): boolean => restarts && suspectsWatchdog(bench);
  await bench.until("a reading after the fault", () => isBack() || isSuspected(), PATIENCE_MS);
  const attached = !isBack();
  if (attached) bench.watched.attach();
  await bench.until("a reading after it was attached", isBack);
  wire.hostFault = null;
  const lost = Math.max(0, bench.missed.length - missedBefore - cleanLost);
  const recoverMs = (bench.stored.slice(storedBefore).find(isAfter)?.atMs ?? Number.NaN) - since;
  await conduct.kept(bench, restarts);
  // A board that is reset or unplugged over and over counts as rebooting, whatever else it does.
  await bench.until("it is ready", () => ["ready", "rebooting"].includes(bench.snapshot.state.kind));
  const stored = bench.stored.slice(storedBefore);
  expect(stored.flatMap(({ reading }) => truth.problemsOf(reading)).join("; "), "a stored reading").toBe("");
  return { lost, recoverMs, attached };
}
