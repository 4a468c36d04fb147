import { createServer } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { type ConsoleBoard, clientLimitBytes } from "../../src/app/console-relay.ts";
import { openTcpDoor } from "../../src/app/tcp-door.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { eventually, freePort, openByteClient } from "../support/byte-client.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleSnapshot } from "../support/samples.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

/** A board that lends its console, and keeps what it gets. */
class LendingBoard implements ConsoleBoard {
  readonly got: number[] = [];
  readonly reasons: string[] = [];
  print: (bytes: Uint8Array) => void = () => {};
  /** False: it takes no bytes at all. */
  takes = true;
  #isOpen = false;

  snapshot = () => sampleSnapshot();

  async openConsole(onBytes: (bytes: Uint8Array) => void) {
    if (this.#isOpen) throw heapscopeError("console-taken", { board: "bench" });
    this.#isOpen = true;
    this.print = onBytes;
    let settle: (reason: string) => void = () => {};
    const closed = new Promise<string>((resolve) => {
      settle = resolve;
    });
    return {
      atPrompt: true,
      closed,
      write: (bytes: Uint8Array) => {
        if (!this.takes) return new Promise<void>(() => {});
        this.got.push(...bytes);
        return new Promise<void>((resolve) => setImmediate(resolve));
      },
      close: (reason = "the client left") => {
        if (!this.#isOpen) return;
        this.#isOpen = false;
        this.reasons.push(reason);
        settle(reason);
      },
    };
  }

  text(): string {
    return Buffer.from(this.got).toString("latin1");
  }
}

async function doorTo(board: ConsoleBoard | undefined, clock: Clock = systemClock): Promise<number> {
  const port = await freePort();
  const log = pino({ level: "silent" });
  const shut = await openTcpDoor({ port, board: "bench" }, { find: () => board, clock, log });
  onTestFinished(shut);
  return port;
}

test("every byte passes in both directions, and the console is closed when the client leaves", async () => {
  const board = new LendingBoard();
  const client = await openByteClient(await doorTo(board));
  // 0x00 first would be no start of a console.
  client.write("\r");
  client.write(everyByte);
  await eventually(() => board.got.length).toBe(257);
  expect(board.got.slice(1)).toEqual([...everyByte]);
  board.print(everyByte);
  await client.waitFor("\xff");
  client.socket.end();
  await eventually(() => board.reasons).toEqual(["the client left"]);
});

test("every byte passes by RFC 2217 too", async () => {
  const board = new LendingBoard();
  const client = await openByteClient(await doorTo(board));
  await client.ask("\xff\xfb\x2c", "\xff\xfa\x2c\x6b\xb0\xff\xf0");
  client.write(everyByte);
  client.write("\xff\x00");
  await eventually(() => board.got).toEqual([...everyByte, 0]);
  board.print(everyByte);
  expect(await client.waitFor("\xff\xff")).toBe(Buffer.from([...everyByte, 0xff]).toString("latin1"));
});

test("what a client sent before it left still reaches the board", async () => {
  const board = new LendingBoard();
  const client = await openByteClient(await doorTo(board));
  client.socket.end("x".repeat(20_000));
  await eventually(() => board.reasons).toEqual(["the client left"]);
  expect(board.got.length).toBe(20_000);
});

test("a client that resets the connection has left, and the next one gets the console", async () => {
  const board = new LendingBoard();
  const port = await doorTo(board);
  const first = await openByteClient(port);
  first.write("a");
  await eventually(() => board.text()).toBe("a");
  first.socket.resetAndDestroy();
  await eventually(() => board.reasons).toHaveLength(1);
  const second = await openByteClient(port);
  second.write("b");
  await eventually(() => board.text()).toBe("ab");
});

test("a client right after another gets the console, though the first one's end is hardly heard", async () => {
  const board = new LendingBoard();
  const port = await doorTo(board);
  for (let round = 1; round <= 20; round++) {
    const client = await openByteClient(port);
    client.write("a");
    await eventually(() => board.got.length).toBe(round);
    client.socket.end();
  }
  expect(board.got).toHaveLength(20);
});

test("a second client is told in a line that the console is taken", async () => {
  const board = new LendingBoard();
  const port = await doorTo(board);
  const first = await openByteClient(port);
  first.write("a");
  await eventually(() => board.text()).toBe("a");
  const second = await openByteClient(port);
  second.write("b");
  expect(await second.ended).toMatch(/^The console of board bench is already open\. .*\r\n$/);
  first.write("c");
  await eventually(() => board.text()).toBe("ac");
});

test("where there is no board yet, a line says so", async () => {
  const client = await openByteClient(await doorTo(undefined));
  expect(await client.ended).toBe("Board bench cannot be asked now: bench is not there yet.\r\n");
});

test("a client that does not read is cut when 1 MiB waits for it, and the board is never held up", async () => {
  const board = new LendingBoard();
  const client = await openByteClient(await doorTo(board));
  client.write("a");
  await eventually(() => board.text()).toBe("a");
  client.socket.pause();
  const chunk = new Uint8Array(64 * 1024);
  let printedBytes = 0;
  while (board.reasons.length === 0 && printedBytes < 100 * clientLimitBytes) {
    board.print(chunk);
    printedBytes += chunk.length;
    // The system takes some of it by itself, a few MB at most.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(board.reasons).toEqual(["the board printed faster than the client read"]);
  expect(printedBytes).toBeLessThan(20 * clientLimitBytes);
});

test("a client whose board takes no bytes is held, and cut after half a minute", async () => {
  const board = new LendingBoard();
  board.takes = false;
  const clock = new ManualClock();
  const client = await openByteClient(await doorTo(board, clock));
  for (let count = 0; count < 400; count++) client.write(new Uint8Array(64 * 1024).fill(0x61));
  // Most of the 25 MB stays with the client.
  await eventually(() => client.socket.writableLength > 10_000_000 && clock.pending > 0).toBe(true);
  await clock.advance(29_999);
  expect(board.reasons).toEqual([]);
  await clock.advance(1);
  expect(board.reasons).toEqual(["the board takes no bytes"]);
  await clock.advance(2_000);
  await client.ended;
});

test("a client that leaves while its board takes no bytes does not keep the console", async () => {
  const board = new LendingBoard();
  board.takes = false;
  const clock = new ManualClock();
  const client = await openByteClient(await doorTo(board, clock));
  client.socket.end("print(1)\r");
  await eventually(() => clock.pending).toBe(1);
  await clock.advance(1_000);
  expect(board.reasons).toEqual(["the client left"]);
});

test.each([
  ["GET / HTTP/1.1\r\nHost: 127.0.0.1:7391\r\n\r\n", "HTTP/1.1 403 Forbidden\r\n"],
  ["POST /\rimport os HTTP/1.1\r\n\r\n\rprint(1)\r", "HTTP/1.1 403 Forbidden\r\n"],
  ["\x16\x03\x01\x02\x00\x01\x00", ""],
  ["\x00\x03\x00\x08\x21\x12\xa4\x42", ""],
])("nothing that a web page sends reaches a board: %j", async (request, answer) => {
  const board = new LendingBoard();
  const port = await doorTo(board);
  for (const pieces of [[request], [...request]]) {
    const client = await openByteClient(port);
    for (const piece of pieces) {
      client.write(piece);
      if (pieces.length > 1) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const said = await client.ended;
    expect(said.slice(0, answer.length || undefined)).toBe(answer);
  }
  expect(board.reasons).toEqual(Array(2).fill("its client seems to be a web page"));
  expect(board.got).toEqual([]);
});

test("what only begins like a request of a page is typed text", async () => {
  const board = new LendingBoard();
  const client = await openByteClient(await doorTo(board));
  for (const key of "GET = 1\r") {
    client.write(key);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await eventually(() => board.text()).toBe("GET = 1\r");
});

test("a port that is in use is an error that names board and port", async () => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const deps = { find: () => undefined, clock: systemClock, log: pino({ level: "silent" }) };
  await expect(openTcpDoor({ port, board: "bench" }, deps)).rejects.toMatchObject({
    code: "console-port-failed",
    exitCode: 1,
    message: expect.stringMatching(
      new RegExp(`console port 127\\.0\\.0\\.1:${port} of board bench .* already in use.* consolePort`),
    ),
  });
});
