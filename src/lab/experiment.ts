/** A release of MicroPython that experiments can run on. */
export type Firmware = "1.23" | "1.24" | "1.25" | "1.26" | "1.27";

export const firmwares: readonly Firmware[] = ["1.23", "1.24", "1.25", "1.26", "1.27"];
export const newestFirmware: Firmware = "1.27";

/** One thing that is done in the interpreter. Control returns to the top level between steps, so collections take effect. */
export type Step =
  /** Runs Python in `__main__`. An exception ends the experiment. */
  | { readonly kind: "run"; readonly code: string }
  /** `gc.collect()` */
  | { readonly kind: "collect" }
  /** `micropython.mem_info(1)`, without a collection before. */
  | { readonly kind: "measure" };

/** What is done on one fresh interpreter. */
export interface Experiment {
  readonly firmware: Firmware;
  /** A true MemoryError at its end, as on a board; null: the heap grows as it has to. */
  readonly heapBytes: number | null;
  /** By absolute path, such as `/lib/ssd1306.py`. Imports find `/` and `/lib`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly steps: readonly Step[];
}

/** What a step gave. */
export interface StepResult {
  /** What it printed. Of `measure`: the dump. */
  readonly output: string;
}

/** How an experiment ended. `results` are those of the steps that were done. */
export type Outcome =
  | { readonly kind: "done"; readonly results: readonly StepResult[] }
  /** A Python exception ended step number `step` (from 0). `traceback` as MicroPython prints it. */
  | {
      readonly kind: "raised";
      readonly results: readonly StepResult[];
      readonly step: number;
      readonly output: string;
      readonly traceback: string;
      /** `MemoryError`, `ImportError`, … */
      readonly exception: string;
    }
  /** It did not come back in time and was ended. */
  | { readonly kind: "deadline"; readonly results: readonly StepResult[]; readonly step: number }
  /** The interpreter itself broke: a stack overflow in C, for one. */
  | {
      readonly kind: "crashed";
      readonly results: readonly StepResult[];
      readonly step: number;
      readonly reason: string;
    };
