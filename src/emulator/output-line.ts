import { setTimeout as hostSetTimeout } from "node:timers";
import { createFaultInjector, type FaultInjector, type FaultPlan, type OutputStep } from "./faults.ts";
import { type Flood, startFlood } from "./flood.ts";

/** What the output line needs of the board. */
export interface LineEnd {
  write(bytes: Uint8Array): void;
  unplug(): void;
  reset(): void;
}

/**
 * All the board prints goes through here: held back, damaged by the fault plan, sent.
 *
 * The last bytes of what Python prints are held until control is back at the top level: only there the port's
 * `gc.collect()` takes place, and a host must not see the end of an answer before the collection is over.
 */
export interface OutputLine {
  /** Python prints a byte. LF becomes CRLF, as on boards. */
  printed(byte: number): void;
  /** The board's own bytes, sent at once after what is held. */
  send(bytes: Uint8Array): void;
  /** Sends what is held. */
  flush(): void;
  /** The last characters printed (latin1), sent or not: how the console knows a prompt. */
  tail(): string;
  /** Nothing printed so far leaves the board any more. */
  clear(): void;
  /** The next `count` bytes Python prints are thrown away; it replaces what is left of an earlier count. */
  skip(count: number): void;
  /** The host wrote `bytes`: what of them arrives. */
  hostWrote(bytes: Uint8Array): Uint8Array;
  settled(): void;
  setFaults(plan: FaultPlan, seed: number): void;
  /** Does what has become due. Also called by its own timer; a running program has to call it. */
  pump(): void;
}

const holdBytes = 8;
const flushAboveBytes = 1024;
const flushAfterMs = 20;
const tailBytes = 32;
/** Steps behind a stall: beyond this, output is lost as on a board whose buffers are full. */
const maxWaitingBytes = 1_048_576;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export function createOutputLine(end: LineEnd): OutputLine {
  const held = Buffer.alloc(flushAboveBytes + 2);
  let heldLength = 0;
  let heldSinceMs = 0;
  let lastByte = 0;
  let toSkip = 0;
  let recent = "";
  let steps: OutputStep[] = [];
  let waitingBytes = 0;
  let dueMs: number | null = 0; // when the first step may be done; null: not before the plan changes
  let timer: NodeJS.Timeout | undefined;
  let flood: Flood = { pump: () => {}, stop: () => {} };
  let pumping = false;
  let injector: FaultInjector = createFaultInjector([], 0);

  /** Not within itself: what arrives while a write waits would else be answered in the middle of it. */
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    try {
      pumpSteps();
    } finally {
      pumping = false;
    }
  };

  const pumpSteps = (): void => {
    clearTimeout(timer);
    while (steps.length > 0) {
      if (dueMs === null) return;
      const leftMs = dueMs - performance.now();
      if (leftMs > 0) {
        timer = hostSetTimeout(pump, leftMs);
        return;
      }
      const step = steps.shift();
      if (step === undefined) return;
      if (step.kind === "write") {
        waitingBytes -= step.bytes.length;
        end.write(step.bytes);
      } else if (step.kind === "wait") dueMs = step.ms === null ? null : performance.now() + step.ms;
      else if (step.kind === "unplug") end.unplug();
      else end.reset();
    }
  };

  const perform = (more: readonly OutputStep[]): void => {
    for (const step of more) {
      if (step.kind === "write") {
        if (waitingBytes > maxWaitingBytes) continue;
        waitingBytes += step.bytes.length;
      }
      steps.push(step);
    }
    pump();
  };

  const release = (count: number): void => {
    const bytes = Uint8Array.from(held.subarray(0, count));
    held.copyWithin(0, count, heldLength);
    heldLength -= count;
    heldSinceMs = performance.now();
    perform(injector.output(bytes));
  };

  const push = (byte: number): void => {
    if (heldLength === 0) heldSinceMs = performance.now();
    held[heldLength++] = byte;
    lastByte = byte;
  };

  const line: OutputLine = {
    printed(byte) {
      if (toSkip > 0) {
        toSkip--;
        return;
      }
      if (byte === lineFeed && lastByte !== carriageReturn) push(carriageReturn);
      push(byte);
      recent = `${recent}${String.fromCharCode(byte)}`.slice(-tailBytes);
      // Not held: the host may see that its program runs, even when it never prints or ends.
      if (heldLength === 2 && held[0] === 0x4f && held[1] === 0x4b) release(2);
      const isOld = heldLength > holdBytes && performance.now() - heldSinceMs > flushAfterMs;
      if (heldLength >= flushAboveBytes || isOld) release(heldLength - holdBytes);
    },
    send(bytes) {
      line.flush();
      perform(injector.output(bytes));
    },
    flush() {
      if (heldLength > 0) release(heldLength);
    },
    tail: () => recent,
    clear() {
      heldLength = 0;
      lastByte = 0;
      recent = "";
      steps = [];
      waitingBytes = 0;
      dueMs = 0;
      toSkip = 0;
      clearTimeout(timer);
    },
    skip(count) {
      toSkip = count;
    },
    hostWrote(bytes) {
      const arrived = injector.arriving(bytes);
      if (arrived.length > 0) perform(injector.hostWrote());
      return arrived;
    },
    settled: () => injector.settled(),
    setFaults(plan, seed) {
      flood.stop();
      injector = createFaultInjector(plan, seed);
      dueMs = 0;
      steps = steps.filter(({ kind }) => kind === "write"); // what a stall kept comes late, at once
      flood = startFlood(plan, end.write);
      pump();
    },
    pump() {
      pump();
      flood.pump();
    },
  };
  return line;
}
