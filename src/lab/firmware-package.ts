import type { Firmware } from "./experiment.ts";

const packages: Readonly<Record<Firmware, string>> = {
  "1.23": "micropython-1.23",
  "1.24": "micropython-1.24",
  "1.25": "micropython-1.25",
  "1.26": "micropython-1.26",
  "1.27": "@micropython/micropython-webassembly-pyscript",
};

/** The package that brings a release of MicroPython's WebAssembly port. */
export function packageOf(firmware: Firmware): string {
  return packages[firmware];
}
