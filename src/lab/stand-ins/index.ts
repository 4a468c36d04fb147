import { asyncioStandIns } from "./asyncio.ts";
import { chipStandIns } from "./chips.ts";
import { clockStandIns } from "./clock.ts";
import { machineStandIns } from "./machine.ts";
import { rareMachineStandIns } from "./machine-rare.ts";
import { sensorStandIns } from "./sensors.ts";
import { socketStandIns } from "./sockets.ts";
import { systemStandIns } from "./system.ts";
import { wirelessStandIns } from "./wireless.ts";

/** Where an experiment puts them; imports find this folder after `/lib`. */
export const standInFolder = "/stand-ins";

/**
 * Python modules in place of what boards have and the WebAssembly port lacks, so that an application runs without a
 * board: source text by path in `standInFolder`, such as `machine.py` and `umqtt/simple.py`. What their calls allocate
 * is what a board's allocate; what their code keeps is not.
 */
export const standIns: Readonly<Record<string, string>> = {
  ...machineStandIns,
  ...rareMachineStandIns,
  ...clockStandIns,
  ...asyncioStandIns,
  ...systemStandIns,
  ...wirelessStandIns,
  ...socketStandIns,
  ...sensorStandIns,
  ...chipStandIns,
};

/** The modules' names as a program imports them: `machine`, `umqtt.simple`, … Names with an underscore included. */
export const standInNames: readonly string[] = Object.keys(standIns).map((path) =>
  path.replace(/\.py$/, "").replaceAll("/", "."),
);

/**
 * Python to run before the application: gives `micropython` the functions it lacks, which a file cannot, because the
 * interpreter looks for its own module first. Binds no name.
 */
export const standInSetup = '__import__("sys").modules["micropython"] = __import__("_micropython")';
