/**
 * The laboratory's own process: one experiment after the other, each on a fresh interpreter. Started by laboratory.ts,
 * which kills it where a step does not come back.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { fillFileSystem } from "../emulator/file-system.ts";
import { sealHeap } from "../emulator/fixed-heap.ts";
import { power } from "../emulator/host-hooks.ts";
import type { LoadMicroPython, MicroPython } from "../emulator/micropython.ts";
import { dieWithParent } from "../emulator/pty.ts";
import type { Experiment, Firmware } from "./experiment.ts";
import { packageOf } from "./firmware-package.ts";
import type { LabNews } from "./lab-news.ts";

/** The first area of a heap that may grow. */
const growingHeapBytes = 1_048_576;

/** Kept by JavaScript, so that asking for them allocates nothing that the next dump would show. */
const setup = `
import sys, gc, micropython
sys.path[:] = ["", "/lib", "/stand-ins", ".frozen"]
def collect(collect=gc.collect): collect()
def measure(mem_info=micropython.mem_info): mem_info(1)
`;

dieWithParent(); // also in the middle of an experiment that never ends
process.on("message", (experiment: Experiment) => {
  perform(experiment).then(
    () => tell({ kind: "done" }),
    (error: unknown) =>
      tell({ kind: "crashed", reason: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {}); // a terminal's Ctrl-C: the parent decides
tell({ kind: "ready" });

function tell(news: LabNews): void {
  process.send?.(news);
}

async function perform(experiment: Experiment): Promise<void> {
  power({ clockAsked: () => 0, callback: (run) => run() });
  try {
    await performPowered(experiment);
  } finally {
    power(undefined); // asyncio's tasks end here
  }
}

async function performPowered({ firmware, heapBytes, files, steps }: Experiment): Promise<void> {
  let output: Buffer[] = [];
  const written = (bytes: Uint8Array): void => void output.push(Buffer.from(bytes));
  const taken = (): string => {
    const text = Buffer.concat(output).toString();
    output = [];
    return text;
  };
  const load = await loader(firmware);
  const python = await load({
    heapsize: heapBytes ?? growingHeapBytes,
    linebuffer: false,
    stdout: written,
    stderr: written,
  });
  fillFileSystem(python.FS, {
    folders: ["/lib"],
    files: Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.from(content) })),
  });
  python.runPython(setup);
  const { collect, measure } = keptFunctions(python);
  if (heapBytes !== null) sealHeap(python, heapBytes);
  taken();
  for (const step of steps) {
    try {
      if (step.kind === "run") python.runPython(step.code);
      else if (step.kind === "collect") collect();
      else measure();
    } catch (error) {
      if (!isPython(error)) throw error;
      tell({ kind: "raised", output: taken(), traceback: error.message });
      return;
    }
    tell({ kind: "step", output: taken() });
  }
}

type Kept = Readonly<Record<"collect" | "measure", () => void>>;

/** They go from `__main__`, where the application's names will stand. */
function keptFunctions(python: MicroPython): Kept {
  const kept = {
    collect: python.globals.get("collect") as () => void,
    measure: python.globals.get("measure") as () => void,
  };
  python.runPython("del collect, measure, sys, gc, micropython");
  return kept;
}

/** What the port throws for a Python exception: an Error with the exception's type. */
function isPython(error: unknown): error is Error {
  return error instanceof Error && error.name === "PythonError";
}

async function loader(firmware: Firmware): Promise<LoadMicroPython> {
  const path = createRequire(import.meta.url).resolve(packageOf(firmware));
  const { loadMicroPython } = (await import(pathToFileURL(path).href)) as {
    readonly loadMicroPython: LoadMicroPython;
  };
  return loadMicroPython;
}
