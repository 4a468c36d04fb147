import { standInFolder, standInSetup, standIns } from "../../src/lab/stand-ins/index.ts";
import { type Python, python } from "../firmware-helpers/python.ts";

/** An interpreter with a heap of 64000 bytes that finds the stand-ins, as in the laboratory. */
export async function pythonWithStandIns(release: string): Promise<Python> {
  const started = await python(release, {});
  for (const [path, source] of Object.entries(standIns)) {
    const full = `${standInFolder}/${path}`;
    started.bare.FS.mkdirTree(full.replace(/\/[^/]*$/, ""));
    started.bare.FS.writeFile(full, source);
  }
  started.run(`import sys\nsys.path[:] = ['', '/lib', '${standInFolder}', '.frozen']`);
  started.run(standInSetup);
  return started;
}
