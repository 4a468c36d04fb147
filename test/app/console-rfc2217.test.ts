import fc from "fast-check";
import { expect, test } from "vitest";
import { ComPortServer, escapeIac } from "../../src/app/console-rfc2217.ts";

const [IAC, DONT, DO, WONT, WILL, SB, SE] = [0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf0] as const;
const [BINARY, ECHO, SGA, COM_PORT] = [0, 1, 3, 44] as const;

const setting = (command: number, ...value: number[]) => [IAC, SB, COM_PORT, command, ...value, IAC, SE];

/** What pyserial's rfc2217 client (serial/rfc2217.py, 3.5) says as it opens a port, as mpremote does. */
const pyserialOpens = [
  [IAC, DO, ECHO],
  [IAC, WILL, SGA],
  [IAC, DO, SGA],
  [IAC, DO, COM_PORT],
  [IAC, WILL, COM_PORT],
  setting(1, 0x00, 0x01, 0xc2, 0x00),
  setting(2, 8),
  setting(3, 1),
  setting(4, 1),
  setting(5, 1),
  setting(5, 11),
  setting(5, 8),
  setting(12, 1),
].flat();

const granted = [
  [IAC, WILL, ECHO],
  [IAC, DO, SGA],
  [IAC, WILL, SGA],
  [IAC, WILL, COM_PORT],
  [IAC, DO, COM_PORT],
  // Ours besides: 8 bits both ways, and a modem that is ready.
  [IAC, WILL, BINARY],
  [IAC, DO, BINARY],
  setting(107, 0xb0),
  setting(101, 0x00, 0x01, 0xc2, 0x00),
  setting(102, 8),
  setting(103, 1),
  setting(104, 1),
  setting(105, 1),
  setting(105, 11),
  setting(105, 8),
  setting(112, 1),
].flat();

/** Data and answers of all chunks, in order. */
function hear(server: ComPortServer, ...chunks: (readonly number[])[]) {
  const heard = chunks.map((chunk) => server.hear(Uint8Array.from(chunk)));
  return {
    data: heard.flatMap(({ data }) => [...data]),
    answer: heard.flatMap(({ answer }) => [...answer]),
  };
}

test("all that pyserial asks for as it opens a port is granted", () => {
  expect(hear(new ComPortServer(), pyserialOpens)).toEqual({ data: [], answer: granted });
});

test("an agreement is not answered again, so no two sides go on for ever", () => {
  const server = new ComPortServer();
  hear(server, pyserialOpens);
  expect(hear(server, [IAC, DO, BINARY, IAC, WILL, BINARY, IAC, WILL, COM_PORT]).answer).toEqual([]);
  expect(hear(server, [IAC, DONT, ECHO, IAC, DONT, ECHO]).answer).toEqual([IAC, WONT, ECHO]);
});

test("unknown options are refused, unknown settings and commands left alone", () => {
  const naws = 31;
  const server = new ComPortServer();
  expect(hear(server, [IAC, DO, naws, IAC, WILL, naws]).answer).toEqual([IAC, WONT, naws, IAC, DONT, naws]);
  expect(hear(server, [IAC, SB, naws, 0, 80, 0, 24, IAC, SE, IAC, 0xf1, ...setting(99, 1)])).toEqual({
    data: [],
    answer: [],
  });
});

test("what is only asked for is told: rate, lines, and who we are", () => {
  const asked = [setting(1, 0, 0, 0, 0), setting(5, 0), setting(5, 7), setting(5, 10), setting(0)].flat();
  expect(hear(new ComPortServer(), asked).answer).toEqual(
    [
      setting(101, 0, 1, 0xc2, 0),
      setting(105, 1),
      setting(105, 8),
      setting(105, 11),
      setting(100, ...Buffer.from("heapscope")),
    ].flat(),
  );
});

test("a doubled 0xff inside a setting is one byte, and doubled again in the answer", () => {
  expect(hear(new ComPortServer(), setting(11, IAC, IAC)).answer).toEqual(setting(111, IAC, IAC));
});

test("a setting without an end takes no more than its room", () => {
  const server = new ComPortServer();
  hear(server, [IAC, SB, COM_PORT, 1], Array(100_000).fill(7));
  expect(hear(server, [IAC, SE]).answer.length).toBeLessThan(100);
});

test("data and answers are the same however the bytes are cut", () => {
  const bytes = fc.uint8Array({ maxLength: 60 });
  fc.assert(
    fc.property(
      bytes,
      bytes,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (before, after, cuts) => {
        const stream = [...escapeIac(before), ...pyserialOpens, ...escapeIac(after)];
        const chunks: number[][] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          chunks.push(stream.slice(at, at + size));
          at += size;
        }
        expect(hear(new ComPortServer(), ...chunks)).toEqual({
          data: [...before, ...after],
          answer: granted,
        });
      },
    ),
  );
});
