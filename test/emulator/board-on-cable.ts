import { afterEach } from "vitest";
import {
  type EmulatedBoard,
  type EmulatedBoardOptions,
  startEmulatedBoard,
} from "../../src/emulator/emulated-board.ts";
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
