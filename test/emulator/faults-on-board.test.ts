import { describe, expect, test } from "vitest";
import type { FaultPlan } from "../../src/emulator/faults.ts";
import { appFolder } from "../support/apps/app-folder.ts";
import type { SerialClient } from "../support/serial-client.ts";
import { type BoardOnCable, boardOnCable, pause, rawBanner, runRaw } from "./board-on-cable.ts";

/** At the raw prompt, with `plan` in force. */
async function faulty(plan: FaultPlan): Promise<BoardOnCable> {
  const cable = await boardOnCable({ app: null });
  await cable.client.ask("\r\x01", rawBanner);
  await cable.board.setFaults(plan);
  return cable;
}

const answer = "OKhello\r\n\x04\x04>";
const askHello = (client: SerialClient): Promise<string> => client.ask("print('hello')\x04", "\x04>");

/** What had come when, in milliseconds after the question. */
async function arrivals(client: SerialClient, forMs: number): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  await client.write("print('hello')\x04");
  const start = performance.now();
  while (performance.now() - start < forMs) {
    if (!seen.has(client.received())) seen.set(client.received(), performance.now() - start);
    await pause(2);
  }
  return seen;
}

describe("on the board", () => {
  test("split sends the answer whole, in pieces with gaps", async () => {
    const { client } = await faulty([{ kind: "split", chunkBytes: 3, gapMs: 40 }]);
    const seen = await arrivals(client, 600);
    expect([...seen.keys()].at(-1)).toBe(answer);
    expect(seen.get(answer)).toBeGreaterThanOrEqual(100);
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });

  test("delay sends the first byte late, and the rest at once", async () => {
    const { client } = await faulty([{ kind: "delay", ms: 200 }]);
    const start = performance.now();
    expect(await askHello(client)).toBe(answer);
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
  });

  test("stall holds the answer back in its middle, and loses nothing", async () => {
    await Promise.all(
      [600, 5_000].map(async (ms) => {
        const { client } = await faulty([{ kind: "stall", at: 4, ms }]);
        // Before it is asked: on a busy machine its first bytes may be seen late.
        const start = performance.now();
        await client.write("print('hello')\x04");
        expect(await client.waitForBytes(4)).toBe("OKhe");
        expect(await client.waitFor("\x04>", ms + 5_000)).toBe(answer.slice(4));
        expect(performance.now() - start).toBeGreaterThanOrEqual(ms - 20);
        expect(await askHello(client)).toBe(answer);
      }),
    );
  });

  test("stall without an end holds it until the plan is replaced", async () => {
    const { board, client } = await faulty([{ kind: "stall", at: 4, ms: null }]);
    await client.write("print('hello')\x04");
    await client.waitForBytes(4);
    await pause(300);
    expect(client.received()).toBe("");
    await board.setFaults([]);
    expect(await client.waitFor("\x04>")).toBe(answer.slice(4));
    expect(await askHello(client)).toBe(answer);
  });

  test("garble and double damage one byte", async () => {
    const { board, client } = await faulty([{ kind: "garble", at: 4 }]);
    const garbled = await askHello(client);
    expect(garbled).toMatch(/^OKhe?/);
    expect(garbled).toHaveLength(answer.length);
    expect([...garbled].filter((char, at) => char !== answer[at])).toHaveLength(1);
    expect(await askHello(client)).toBe(answer);
    await board.setFaults([{ kind: "double", at: 2 }]);
    expect(await askHello(client)).toBe("OKhhello\r\n\x04\x04>");
    expect(await askHello(client)).toBe(answer);
  });

  test("silent prints nothing, but the board hears", async () => {
    const { board, client } = await faulty([{ kind: "silent" }]);
    await client.write("x = 5\x04");
    await pause(100);
    expect(client.received()).toBe("");
    await board.setFaults([]);
    expect(await runRaw(client, "print(x)")).toEqual(["5\r\n", ""]);
  });

  test("flood prints between answers, and into them while Python sleeps or prints", async () => {
    const { client } = await faulty([{ kind: "flood", text: "[log]\r\n", everyMs: 20 }]);
    await client.waitFor("[log]\r\n[log]\r\n");
    const asleep = await client.ask("import time\ntime.sleep_ms(200)\nprint('hello')\x04", "\x04>");
    expect(asleep.match(/OK.*hello/s)?.[0].match(/\[log\]/g)?.length).toBeGreaterThanOrEqual(2);
    const printing = await client.ask(
      "t = time.ticks_ms()\nwhile time.ticks_diff(time.ticks_ms(), t) < 200: print('hello')\x04",
      "\x04>",
    );
    expect(printing.match(/OK.*hello/s)?.[0].match(/\[log\]/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test("baud makes garbage of both directions; at the right rate nothing has happened", async () => {
    const { board, client } = await boardOnCable({ filesDir: appFolder("printing-loop") });
    await client.waitFor("count 2\r\n");
    await board.setFaults([{ kind: "baud" }]);
    await client.write("\x03\r\x01");
    await pause(350);
    const heard = client.received().replace(/^count.*\n/, "");
    expect(heard.length).toBeGreaterThan(20);
    expect([...Buffer.from(heard, "latin1")].every((byte) => byte === 0 || byte >= 0x80)).toBe(true);
    await board.setFaults([]);
    await client.waitFor("count");
    expect(await client.ask("\x03", ">>> ")).toContain("KeyboardInterrupt");
    await client.ask("\r\x01", rawBanner);
  });
});
