/**
 * Makes the cases of this folder, or some of them, anew:
 *
 *     npx tsx test/transcripts/record.ts [CASE…]              records the wire: when heapscope says other things on purpose
 *     npx tsx test/transcripts/record.ts --expected [CASE…]   keeps the wire: when it makes other things of the same bytes
 *
 * A case without a recipe in cases.ts, such as a folder that came with a bug report, gets its `expected.json` by the
 * second one; then fill in its `about`, and the `config` where it was not the default, and run it again. Look at the
 * difference before it is committed.
 */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { recordPorts } from "../../src/app/record-ports.ts";
import { sleep, systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import { whole } from "../support/drive-repl.ts";
import {
  type CaseAbout,
  caseNames,
  type ExpectedFile,
  readWires,
  transcriptsFolder,
  wireFile,
} from "../support/transcript-case.ts";
import { type DaemonResult, playToDaemon, watchBoard } from "../support/transcript-daemon.ts";
import { playToMachine } from "../support/transcript-machine.ts";
import { type CaseRecipe, recipes } from "./cases.ts";

const unknownBoard: CaseAbout = { shows: "?", board: "?", firmware: "?", date: "?", source: "?" };

const words = process.argv.slice(2);
const keepWire = words.includes("--expected");
const wanted = words.filter((word) => !word.startsWith("--"));
const names = wanted.length > 0 ? wanted : keepWire ? caseNames() : Object.keys(recipes);

for (const name of names) {
  const folder = join(transcriptsFolder, name);
  const recipe = recipes[name];
  if (keepWire) {
    const old = readExpected(folder);
    const { about, config } = old ?? { about: unknownBoard, config: {} };
    const daemon = await playToDaemon(readWires(folder), config).catch((error: unknown) => {
      // Of a case of ours it is a fault of today's; a foreign one may come from elsewhere.
      if (recipe) throw error;
      console.error(`${name}: only for the machine, the daemon says other things: ${error}`);
      return null;
    });
    writeExpected(folder, { about: { ...about, ...aboutOf(recipe) }, config, daemon });
  } else if (recipe) {
    const daemon = await recordCase(folder, recipe);
    if (!JSON.stringify(daemon).includes(recipe.mustShow ?? "")) {
      console.error(`${name}: it does not show ${recipe.mustShow}`);
    }
    const about = { ...unknownBoard, ...aboutOf(recipe), ...factsOf(folder, daemon) };
    const { config } = recipe;
    const played = await playToDaemon(readWires(folder), config);
    if (!isDeepStrictEqual(played, daemon)) console.error(`${name}: the replay gives something else`);
    writeExpected(folder, { about, config, daemon });
  } else {
    throw new Error(`there is no recipe for ${name}; --expected keeps its wire`);
  }
  console.log(`${name}: ${readWires(folder).map((wire) => `${wire.steps.length} chunks`)}`);
}

async function recordCase(folder: string, { config, seconds, start }: CaseRecipe): Promise<DaemonResult> {
  const device = await start();
  const temporary = mkdtempSync(join(tmpdir(), "heapscope-record-"));
  try {
    const fail = (error: Error): never => {
      throw error;
    };
    const recorder = await recordPorts(temporary, openPort, systemClock, {
      onRecorded: () => {},
      onFailed: fail,
    });
    const options = { clock: systemClock, openPort: recorder.openPort };
    const wait = (ms: number): Promise<void> => sleep(systemClock, ms);
    const over = async (): Promise<void> => {
      await Promise.all([wait(seconds * 1_000), device.watched?.()]);
    };
    const result = await watchBoard(device.url, config, options, () => wait(10), over);
    await recorder.finish();
    if (readdirSync(temporary).length === 0) throw new Error(`${device.url} was never open`);
    rmSync(folder, { recursive: true, force: true });
    await mkdir(folder);
    // Their names end in the time of opening.
    for (const [index, name] of readdirSync(temporary).sort().entries()) {
      copyFileSync(join(temporary, name, "wire.jsonl"), join(folder, wireFile(index)));
    }
    return result;
  } finally {
    rmSync(temporary, { recursive: true });
    await device.stop();
  }
}

function readExpected(folder: string): ExpectedFile | null {
  const file = join(folder, "expected.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ExpectedFile) : null;
}

function writeExpected(folder: string, known: Omit<ExpectedFile, "machine">): void {
  const machine = readWires(folder).map((wire) => playToMachine(wire, whole));
  const { about, config, daemon } = known;
  const file: ExpectedFile = { about, config, daemon, machine };
  writeFileSync(join(folder, "expected.json"), `${JSON.stringify(file, null, 2)}\n`);
}

function aboutOf(recipe: CaseRecipe | undefined): Partial<CaseAbout> {
  return recipe ? { shows: recipe.shows, board: recipe.board, source: recipe.source } : {};
}

function factsOf(folder: string, { board }: DaemonResult): Pick<CaseAbout, "firmware" | "date"> {
  const facts: unknown = board.facts;
  const firmware =
    typeof facts === "object" && facts !== null && "firmware" in facts ? String(facts.firmware) : "none";
  const [first] = readWires(folder);
  return { firmware, date: first?.header.startedAt.slice(0, 10) ?? "?" };
}
