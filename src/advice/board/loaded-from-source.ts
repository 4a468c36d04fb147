import { bytesText } from "../../analysis/plain-text.ts";
import type { LoadedModule, ModulesSeen } from "../../shared/module-facts.ts";
import type { NotMeasured } from "../finding.ts";

/** main.py's own: MicroPython runs it from source and takes no main.mpy in its place. */
const mainModule = "__main__";

/** Tip 2: the modules that the board has compiled itself. What that costs takes their source to measure. */
export function loadedFromSource(seen: ModulesSeen | null): readonly NotMeasured[] {
  return (seen?.modules ?? []).flatMap((module): NotMeasured[] => {
    const { name, file, origin, sizeBytes } = module;
    if (origin !== "source" || file === null) return [];
    const size = sizeBytes === null ? "" : ` (${bytesText(sizeBytes)} of source)`;
    return [
      {
        tip: 2,
        code: "loaded-from-source",
        place: { file, line: 1 },
        title: `The board compiled module ${name} itself, from ${file}${size}.`,
        reason: reasonOf(module),
      },
    ];
  });
}

function reasonOf({ name }: LoadedModule): string {
  const measure =
    "What the compiler took and what .mpy would leave free is measured from its source: heapscope advise PATH, with the folder that holds it.";
  return name === mainModule
    ? `${measure} main.py itself always runs from source: code that is to be precompiled goes into a module that it imports.`
    : measure;
}
