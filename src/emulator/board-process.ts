/**
 * The emulated board's own process. Started by emulated-board.ts with a BoardSetup as its only argument and the
 * control channel on descriptor 3. It ends when it is killed, or when the channel closes.
 */
import { pathToFileURL } from "node:url";
import { createBoard } from "./board.ts";
import { type BoardSetup, type NumberedCommand, openControl } from "./control.ts";
import type { LoadMicroPython } from "./micropython.ts";
import { dieWithParent } from "./pty.ts";

dieWithParent();
// A terminal's Ctrl-C reaches this process too. The daemon first brings the board back to its prompt, then ends it.
process.on("SIGINT", () => {});
const setup = JSON.parse(process.argv[2] ?? "null") as BoardSetup;
const { loadMicroPython } = (await import(pathToFileURL(setup.interpreter).href)) as {
  readonly loadMicroPython: LoadMicroPython;
};

const control = openControl(obey, () => process.exit(0));
const board = createBoard(
  setup,
  loadMicroPython,
  (news) => control.send(news),
  () => control,
);
board.console.setRawPaste(setup.rawPaste);
board.setFaults(setup.faults);
board.plug();

function obey(command: NumberedCommand): void {
  if (command.kind === "set-faults") board.setFaults(command.plan);
  else if (command.kind === "set-raw-paste") board.console.setRawPaste(command.rawPaste);
  else if (command.kind === "unplug") board.unplug();
  else if (command.kind === "replug") board.plug();
  else board.reset();
  control.send({ kind: "done", id: command.id });
}
