import { expect, onTestFinished, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import type { LoadMicroPython } from "../../src/emulator/micropython.ts";
import { latin1Text } from "../../src/shared/bytes.ts";
import { connected } from "../hardware/connection.ts";
import { harness, playRound, type Round, type RunPython } from "./allocator-rounds.ts";

async function play(rounds: number, run: RunPython, grows = false): Promise<readonly Round[]> {
  await run(harness);
  const results: Round[] = [];
  for (let seed = 1; seed <= rounds; seed++) results.push(await playRound(run, seed, grows));
  return results;
}

async function playOnBoard(rounds: number, interpreter?: string): Promise<readonly Round[]> {
  const board = await startEmulatedBoard({ app: null, ...(interpreter !== undefined && { interpreter }) });
  onTestFinished(() => board.stop());
  return connected(board.url, ({ run }) => play(rounds, run));
}

const differences = (rounds: readonly Round[]) => rounds.filter(({ kind }) => kind === "different");
const endings = (rounds: readonly Round[], end: string): number =>
  rounds.filter((round) => round.kind === "same" && round.end === end).length;

test("500 random heaps and sequences: the emulated board does what first-fit predicts, to the address", {
  // Five seconds alone, more beside other tests.
  timeout: 60_000,
}, async () => {
  const rounds = await playOnBoard(500);
  // 99 % are asked for. Nothing is left unexplained, so all of them agree.
  expect(differences(rounds)).toEqual([]);
  // Neither always full nor always empty, or this would show nothing.
  for (const end of ["all-fit", "fragmented"]) expect(endings(rounds, end)).toBeGreaterThan(100);
  expect(endings(rounds, "too-little-free")).toBeGreaterThan(0);
  expect(rounds.reduce((sum, one) => sum + (one.kind === "same" ? one.placed : 0), 0)).toBeGreaterThan(2000);
});

test("MicroPython 1.23 allocates alike", async () => {
  expect(differences(await playOnBoard(30, "micropython-1.23"))).toEqual([]);
});

/** An interpreter in this process, whose heap grows by further areas: emulated boards seal theirs. */
async function growingInterpreter(): Promise<RunPython> {
  const { loadMicroPython } = (await import("@micropython/micropython-webassembly-pyscript" as string)) as {
    readonly loadMicroPython: LoadMicroPython;
  };
  let printed = "";
  const python = await loadMicroPython({
    heapsize: 16_384,
    linebuffer: false,
    stdout: (bytes) => {
      printed += latin1Text(bytes);
    },
  });
  return (source) => {
    printed = "";
    python.runPython(source);
    return Promise.resolve(printed);
  };
}

test("a heap of several areas is searched in the order of its dump, and grows where no area has room", async () => {
  const rounds = await play(60, await growingInterpreter(), true);
  expect(differences(rounds)).toEqual([]);
  expect(rounds.filter((round) => round.kind === "same" && round.areas > 1).length).toBeGreaterThan(20);
  expect(endings(rounds, "all-fit")).toBeLessThan(60);
});
