import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { heapscopeError } from "../shared/errors.ts";
import type { Experiment, Outcome, StepResult } from "./experiment.ts";
import type { LabNews } from "./lab-news.ts";

/** Where experiments are done. */
export interface Laboratory {
  /**
   * Does one on a fresh interpreter; several may run at once. What the code does is an outcome, not an error; throws
   * "lab-failed" where there is no process to run it in, and the signal's reason once that is aborted.
   */
  perform(experiment: Experiment): Promise<Outcome>;
  /** Ends the processes. May be called again. */
  close(): Promise<void>;
}

export interface LaboratoryOptions {
  /** The longest that one experiment may take, in milliseconds. Default 10 s. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const defaultDeadlineMs = 10_000;
const mostProcesses = 4;

/** One process of the laboratory, and the experiment it is at. */
interface Bench {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  hear: (news: LabNews | { readonly kind: "exited" }) => void;
}

/** Opens a laboratory. Processes start as they are needed, and serve many experiments. */
export function openLaboratory({
  deadlineMs = defaultDeadlineMs,
  signal,
}: LaboratoryOptions = {}): Laboratory {
  const most = Math.min(mostProcesses, availableParallelism());
  const idle: Bench[] = [];
  const all = new Set<Bench>();
  const queue: ((bench: Bench | undefined) => void)[] = [];
  let taken = 0;
  let isClosed = false;

  const checkOpen = (): void => {
    signal?.throwIfAborted();
    if (isClosed) throw heapscopeError("lab-failed", { reason: "it was closed" });
  };

  const takeBench = async (): Promise<Bench> => {
    if (taken < most) taken++;
    else {
      const handed = await new Promise<Bench | undefined>((resolve) => queue.push(resolve));
      if (handed !== undefined) return handed;
    }
    if (isClosed) giveBack(undefined);
    checkOpen();
    const bench = idle.pop() ?? startBench();
    all.add(bench);
    return bench;
  };

  /** `bench` undefined: it is spent, and the next one starts another. */
  const giveBack = (bench: Bench | undefined): void => {
    const next = queue.shift();
    if (next !== undefined) {
      next(bench);
      return;
    }
    taken--;
    if (bench !== undefined) idle.push(bench);
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    signal?.removeEventListener("abort", close);
    for (const { child } of all) child.kill("SIGKILL");
    await Promise.all([...all].map(({ exited }) => exited));
  };
  signal?.addEventListener("abort", close, { once: true });

  return {
    async perform(experiment) {
      checkOpen();
      const bench = await takeBench();
      const { outcome, isSpent } = await performOn(bench, experiment, deadlineMs);
      if (isSpent) {
        bench.child.kill("SIGKILL");
        all.delete(bench);
      }
      giveBack(isSpent ? undefined : bench);
      checkOpen();
      return outcome;
    },
    close,
  };
}

interface Performed {
  readonly outcome: Outcome;
  /** Its process cannot be used again. */
  readonly isSpent: boolean;
}

function performOn(bench: Bench, experiment: Experiment, deadlineMs: number): Promise<Performed> {
  const results: StepResult[] = [];
  const here = () => ({ results, step: results.length });
  return new Promise((resolve) => {
    let raised: Outcome | undefined;
    const end = (outcome: Outcome, isSpent: boolean): void => {
      clearTimeout(deadline);
      resolve({ outcome, isSpent });
    };
    const deadline = setTimeout(() => end({ kind: "deadline", ...here() }, true), deadlineMs);
    bench.hear = (news) => {
      if (news.kind === "step") results.push({ output: news.output });
      else if (news.kind === "raised") {
        const { output, traceback } = news;
        raised = { kind: "raised", ...here(), output, traceback, exception: exceptionIn(traceback) };
      } else if (news.kind === "done") end(raised ?? { kind: "done", results }, false);
      else if (news.kind === "crashed") end({ kind: "crashed", ...here(), reason: news.reason }, true);
      else if (news.kind === "exited")
        end({ kind: "crashed", ...here(), reason: "the interpreter's process ended" }, true);
    };
    bench.child.send(experiment);
  });
}

function startBench(): Bench {
  const child = fork(labProcessPath(), {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--no-warnings"],
  });
  const bench: Bench = {
    child,
    exited: new Promise((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", () => resolve());
    }),
    hear: () => {},
  };
  child.on("message", (news: LabNews) => bench.hear(news));
  void bench.exited.then(() => bench.hear({ kind: "exited" }));
  return bench;
}

/** Always the built file: a source file cannot be started by plain node. */
function labProcessPath(): string {
  try {
    return createRequire(import.meta.url).resolve("#lab-process");
  } catch {
    throw heapscopeError("lab-failed", {
      reason: 'dist/lab/lab-process.js is missing; run "npm run build"',
    });
  }
}

/** `ImportError: no module named 'foo'` → `ImportError` */
function exceptionIn(traceback: string): string {
  const last = traceback.trimEnd().split("\n").at(-1) ?? "";
  return /^([A-Za-z_][\w.]*)/.exec(last)?.[1] ?? "Exception";
}
