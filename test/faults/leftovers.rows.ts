import { expect } from "vitest";
import { openSerialClient, type SerialClient } from "../support/serial-client.ts";
import { Bench } from "./bench.ts";
import { conducts } from "./conduct.ts";
import { readsOn } from "./outcome.ts";
import type { Row } from "./row.ts";

type Leave = (client: SerialClient) => Promise<unknown>;

const raw: Leave = (client) => client.ask("\r\x01", "raw REPL; CTRL-B to exit\r\n>");
/** What `skip` makes of it where only Ctrl-C or Ctrl-D could tell: part of the message. */
const waitsFor: Readonly<Record<string, string>> = {
  "found in the middle of a raw paste": "holds the prompt",
  "found with a half-typed line": "Ctrl-C in a terminal",
};

const ways: Readonly<Record<string, Leave>> = {
  "found in raw mode": raw,
  "found in the middle of a raw program": async (client) => {
    await raw(client);
    await client.write("print(1");
  },
  "found in the middle of a raw paste": async (client) => {
    await raw(client);
    await client.ask("\x05A\x01", "R\x01");
    await client.write("print(1");
  },
  "found in paste mode": async (client) => {
    await client.ask("\x05", "=== ");
    await client.write("print(1)\r");
  },
  "found with a half-typed line": (client) => client.write("for i in range(9):\r  print(i"),
};

/** The board as another program left it that stopped the application and was killed. */
function foundIn(name: string, leave: Leave): Row {
  return {
    fault: name,
    async run(policy) {
      const bench = await Bench.open({ policy, board: conducts[policy].board, watched: false });
      try {
        const client = await openSerialClient(bench.board.path);
        if (policy !== "skip") await client.waitFor("beat ");
        await client.ask("\x03", ">>> ");
        await leave(client);
        await bench.pass(500);
        await client.close();
        const sinceMs = bench.nowMs();
        bench.watch();
        const message = policy === "skip" ? waitsFor[name] : undefined;
        if (message !== undefined) {
          await bench.pass(20_000);
          expect(bench.snapshot.state).toMatchObject({
            kind: "busy",
            message: expect.stringContaining(message),
          });
          expect(bench.wire.interrupts).toBe(0);
          return { text: "`busy`" };
        }
        await bench.until("a reading", () => bench.stored.length > 0);
        const recoverMs = (bench.stored[0]?.atMs ?? Number.NaN) - sinceMs;
        const lost = bench.missed.length;
        await bench.until("readings go on", () => bench.stored.length > 2);
        if (policy === "skip") expect(bench.wire.interrupts).toBe(0);
        expect(bench.snapshot.state.kind).toBe("ready");
        return readsOn([{ lost, recoverMs, attached: false }], { lost: 6, recoverMs: 12_000 });
      } finally {
        await bench.close();
      }
    },
  };
}

export const leftoverRows: readonly Row[] = Object.entries(ways).map(([name, leave]) => foundIn(name, leave));
