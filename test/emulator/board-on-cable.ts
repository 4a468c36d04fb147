import { afterEach, expect } from "vitest";
import {
  type EmulatedBoard,
  type EmulatedBoardOptions,
  startEmulatedBoard,
} from "../../src/emulator/emulated-board.ts";
import { type AppName, appFolder } from "../support/apps/app-folder.ts";
import { openSerialClient, type SerialClient } from "../support/serial-client.ts";

/** An emulated board and a bare client at its port; both end with the test. */
export interface BoardOnCable {
  readonly board: EmulatedBoard;
  readonly client: SerialClient;
}

export const rawBanner = "raw REPL; CTRL-B to exit\r\n>";

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export async function boardOnCable(options: EmulatedBoardOptions = { app: null }): Promise<BoardOnCable> {
  const board = await startEmulatedBoard(options);
  cleanUps.push(() => board.stop());
  const client = await openSerialClient(board.path);
  cleanUps.push(() => client.close());
  return { board, client };
}

/** In the raw REPL: what `code` prints, and its traceback. */
export async function runRaw(client: SerialClient, code: string): Promise<readonly string[]> {
  await client.ask(`${code}\x04`, "OK");
  return (await client.waitFor("\x04>")).slice(0, -2).split("\x04");
}

/** A client of a board that runs `app`. */
export async function running(app: AppName): Promise<SerialClient> {
  return (await boardOnCable({ filesDir: appFolder(app) })).client;
}

/** Presses Ctrl-C until the program has started and heard it, and goes to the raw prompt. */
export async function interrupted(client: SerialClient): Promise<string> {
  for (let tries = 1; tries <= 20; tries++) {
    await client.write("\x03");
    const said = await client.waitFor(">>> ", 250).catch(() => null);
    if (said === null) continue;
    await client.ask("\x01", rawBanner);
    return said;
  }
  throw new Error("the program cannot be interrupted");
}

/** In the raw REPL: the value of `expression` as Python prints it. */
export async function printed(client: SerialClient, expression: string): Promise<string> {
  const [output = "", traceback] = await runRaw(client, `print(${expression})`);
  expect(traceback).toBe("");
  return output.trimEnd();
}

export const numberOf = async (client: SerialClient, expression: string): Promise<number> =>
  Number(await printed(client, expression));
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
