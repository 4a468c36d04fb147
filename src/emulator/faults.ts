import { heardAtWrongRate } from "./wrong-baud.ts";

/**
 * Faults as data. A plan is a list of these; the same plan and seed always damage the same output alike.
 *
 * Positions count bytes of the board's output, from 0. Without `each` they count from the first host byte
 * after the plan was set, through as many exchanges as it takes, and the fault fires once. With `each: true`
 * they count anew in every exchange, and the fault fires in every exchange that gets that far.
 *
 * An exchange begins with the first host byte after the board last stood at a fresh prompt (`>`, `>>> `), and
 * lasts until the board stands at a prompt again. So one raw-paste run is one exchange, offer to final `>`;
 * entering raw mode is another. What an application prints by itself between exchanges belongs to the one
 * before. `at` of the cutting faults is the number of bytes that still get through: 0 cuts before the first
 * byte (when the host writes), n cuts after byte n−1.
 */
export type Fault =
  /** Output goes out in pieces of `chunkBytes`, `gapMs` apart. */
  | { readonly kind: "split"; readonly chunkBytes: number; readonly gapMs: number }
  /** The first byte of each exchange comes `ms` late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** One bit of the byte is flipped. */
  | ({ readonly kind: "garble" } & Where)
  /** The byte is lost. */
  | ({ readonly kind: "drop" } & Where)
  /** The byte comes twice. */
  | ({ readonly kind: "double" } & Where)
  /** Every byte from `at` to the end of the exchange is lost. */
  | ({ readonly kind: "drop-rest" } & Position)
  /** Nothing more comes for `ms` (null: until the plan is replaced); then the output goes on where it stopped. */
  | ({ readonly kind: "stall"; readonly ms: number | null } & Position)
  /** The board is unplugged: the client sees a hangup. */
  | ({ readonly kind: "unplug" } & Position)
  /** The board resets as by its button: the rest of the answer is lost, then it boots. */
  | ({ readonly kind: "reset" } & Position)
  /**
   * Prints `text` every `everyMs`, between and into answers. Its bytes are not counted and not damaged. While a program
   * runs it comes when that sleeps, prints, reads, or looks at the clock.
   */
  | { readonly kind: "flood"; readonly text: string; readonly everyMs: number }
  /** Nothing is ever printed. */
  | { readonly kind: "silent" }
  /**
   * The host's baud rate is `ratio` times the board's; default 2. Both hear garbage: at 2 mostly 0x00 and 0x80 to 0xff, at 12
   * (115200 against 9600) the host 0x00 and the board 0xff, below 1/2 the board 0x00, above 18 the board nothing.
   */
  | { readonly kind: "baud"; readonly ratio?: number };

/** `at`: bytes of output from the start of the span; see Fault. */
export interface Position {
  readonly at: number;
  readonly each?: boolean;
}

/** At one position, or at any byte with this probability (0 … 1). */
export type Where = Position | { readonly probability: number };

export type FaultPlan = readonly Fault[];

/** What is to be done with the output, in this order. */
export type OutputStep =
  | { readonly kind: "write"; readonly bytes: Uint8Array }
  | { readonly kind: "wait"; readonly ms: number | null }
  | { readonly kind: "unplug" }
  | { readonly kind: "reset" };

/** Damages a board's output by its plan. Pure: it neither waits nor writes. */
export interface FaultInjector {
  /** What of the host's bytes arrives. */
  arriving(bytes: Uint8Array): Uint8Array;
  /** Something of the host's arrived. Opens an exchange where none is open. */
  hostWrote(): readonly OutputStep[];
  /** The board prints `bytes`. */
  output(bytes: Uint8Array): readonly OutputStep[];
  /** The board stands at a fresh prompt: the next host byte opens a new exchange. */
  settled(): void;
}

/** Numbers 0 ≤ x < 1, the same for the same seed (mulberry32, by Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Cut = Extract<Fault, { kind: "drop-rest" | "stall" | "unplug" | "reset" }>;

function isCut(fault: Fault): fault is Cut {
  return (
    fault.kind === "drop-rest" || fault.kind === "stall" || fault.kind === "unplug" || fault.kind === "reset"
  );
}

/** Applies `plan` to a board's output; `seed` decides what the plan leaves to chance. */
export function createFaultInjector(plan: FaultPlan, seed: number): FaultInjector {
  if (plan.length === 0) return noFaults;
  const random = seededRandom(seed);
  const spent = new Set<Fault>();
  const cuts = plan.filter(isCut);
  const silent = plan.some((fault) => fault.kind === "silent");
  let planPosition: number | null = null; // null until the host writes
  let exchangePosition: number | null = null;
  let exchangeOpen = false;
  let losingRest = false;

  const ratios = plan.flatMap((fault) => (fault.kind === "baud" ? [fault.ratio ?? 2] : []));
  const atHost = (byte: number): readonly number[] =>
    ratios.reduce((bytes, ratio) => bytes.flatMap((sent) => heardAtWrongRate(sent, ratio)), [byte]);
  const atBoard = (byte: number): readonly number[] =>
    ratios.reduce((bytes, ratio) => bytes.flatMap((sent) => heardAtWrongRate(sent, 1 / ratio)), [byte]);

  const isHere = (where: Position): boolean =>
    where.at === (where.each === true ? exchangePosition : planPosition);

  const strikes = (fault: Fault & Where): boolean => {
    if ("probability" in fault) return random() < fault.probability;
    return isHere(fault);
  };

  /** Cutting faults due at the present position. True when the board is gone: what it had to say is lost. */
  const cut = (steps: StepList): boolean => {
    let gone = false;
    for (const fault of cuts) {
      if (!isHere(fault) || spent.has(fault)) continue;
      spent.add(fault);
      if (fault.kind === "drop-rest") losingRest = true;
      else if (fault.kind === "stall") steps.add({ kind: "wait", ms: fault.ms });
      else {
        steps.add({ kind: fault.kind });
        gone = true;
      }
    }
    return gone;
  };

  const oneByte = (byte: number, steps: StepList): void => {
    let copies = silent || losingRest ? 0 : 1;
    let value = byte;
    for (const fault of plan) {
      if (fault.kind === "garble" && strikes(fault)) value ^= 1 << Math.floor(random() * 8);
      else if (fault.kind === "drop" && strikes(fault)) copies = 0;
      else if (fault.kind === "double" && strikes(fault)) copies *= 2;
    }
    for (let copy = 0; copy < copies; copy++) for (const heard of atHost(value)) steps.byte(heard);
    if (planPosition !== null) planPosition++;
    if (exchangePosition !== null) exchangePosition++;
  };

  const splits = plan.filter((fault) => fault.kind === "split");
  return {
    arriving: (bytes) => (ratios.length === 0 ? bytes : Uint8Array.from([...bytes].flatMap(atBoard))),
    hostWrote() {
      if (exchangeOpen) return [];
      exchangeOpen = true;
      losingRest = false;
      exchangePosition = 0;
      planPosition ??= 0;
      for (const fault of plan) if (isCut(fault) && fault.each === true) spent.delete(fault);
      const steps = stepList();
      for (const fault of plan) if (fault.kind === "delay") steps.add({ kind: "wait", ms: fault.ms });
      cut(steps);
      return steps.done();
    },
    output(bytes) {
      const steps = stepList();
      for (const byte of bytes) {
        oneByte(byte, steps);
        if (cut(steps)) break;
      }
      return splits.reduce((whole, { chunkBytes, gapMs }) => split(whole, chunkBytes, gapMs), steps.done());
    },
    settled() {
      exchangeOpen = false;
    },
  };
}

const noFaults: FaultInjector = {
  arriving: (bytes) => bytes,
  hostWrote: () => [],
  output: (bytes) => [{ kind: "write", bytes }],
  settled: () => {},
};

interface StepList {
  byte(value: number): void;
  add(step: OutputStep): void;
  done(): readonly OutputStep[];
}

/** Collects single bytes into as few writes as the other steps between them allow. */
function stepList(): StepList {
  const steps: OutputStep[] = [];
  let run: number[] = [];
  const endRun = (): void => {
    if (run.length > 0) steps.push({ kind: "write", bytes: Uint8Array.from(run) });
    run = [];
  };
  return {
    byte: (value) => run.push(value),
    add(step) {
      endRun();
      steps.push(step);
    },
    done() {
      endRun();
      return steps;
    },
  };
}

function split(steps: readonly OutputStep[], chunkBytes: number, gapMs: number): readonly OutputStep[] {
  const size = Math.max(1, Math.floor(chunkBytes));
  return steps.flatMap((step): OutputStep[] => {
    if (step.kind !== "write") return [step];
    const pieces: OutputStep[] = [];
    for (let at = 0; at < step.bytes.length; at += size) {
      pieces.push({ kind: "write", bytes: step.bytes.subarray(at, at + size) }, { kind: "wait", ms: gapMs });
    }
    return pieces;
  });
}
