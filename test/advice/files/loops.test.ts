import { afterAll, describe, expect, test } from "vitest";
import type { ApplicationSource } from "../../../src/advice/files/application.ts";
import { sourcesOf } from "../../../src/advice/files/application.ts";
import { changedSource } from "../../../src/advice/files/changed-source.ts";
import { adviseLoops, type LoopAdvice } from "../../../src/advice/files/loops.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, prepared } from "./support.ts";

const lab = openLaboratory();
/** For what does not come back. */
const impatient = openLaboratory({ deadlineMs: 1500 });
afterAll(() => Promise.all([lab.close(), impatient.close()]));

async function loopsOf(
  files: Files,
  name: string,
  laboratory = lab,
): Promise<LoopAdvice & { readonly source: ApplicationSource }> {
  const { application, bench, files: board } = await prepared(laboratory, files);
  const source = sourcesOf(application).find((each) => each.name === name);
  if (source === undefined) throw new Error(`${name} is left out`);
  return { source, ...(await adviseLoops(bench, board, application, source)) };
}

/** Line and bytes of each finding; `≤` where no changed form was run. */
const findingsOf = ({ findings }: LoopAdvice): readonly string[] =>
  findings.map(({ place, saving }) => `${place?.line} ${saving?.atMost ? "≤" : ""}${saving?.bytes}`);

const reading = `from machine import I2C
import time

i2c = I2C(0)
total = 0
while True:
    data = i2c.readfrom_mem(60, 1, 40)
    total += data[0]
    time.sleep(1)
`;

test("a place with a rewrite drops to what the rewrite allocates, and the changed source has that", async () => {
  const { source, findings, rewritten } = await loopsOf({ "main.py": reading }, "main.py");
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  expect(finding).toMatchObject({
    tip: 4,
    place: { file: "main.py", line: 7 },
    confidence: "high",
    saving: { of: "each-pass", atMost: false },
    method: { kind: "interpreter", heapBytes: null, repeats: 1 },
  });
  const [before, after] = [Number(finding?.before?.bytesPerPass), Number(finding?.after?.bytesPerPass)];
  // Forty bytes take three blocks, the object another one.
  expect(before - after).toBeGreaterThanOrEqual(64);
  expect(finding?.saving?.bytes).toBe(before - after);
  const text = changedSource(source, null, rewritten) ?? "";
  expect(text).toContain("readfrom_mem_into(");
  expect((await loopsOf({ "main.py": text }, "main.py")).findings).toEqual([]);
});

const polling = (waits: string) => `from machine import I2C
i2c = I2C(0)
n = 0
while True:
    n += 1
    for k in range(9):
        if i2c.readfrom_mem(0x76, 0xF3, 1)[0] & 0 == ${waits}:
            break
    kept = bytearray(700)
    kept[0] = n & 1
`;

test("a place in a head is not charged with its whole pass", async () => {
  const { findings, notMeasured } = await loopsOf({ "main.py": polling("k - 1 - n % 2") }, "main.py");
  expect(findings.map(({ place }) => place?.line)).toEqual([9]);
  expect(notMeasured).toMatchObject([
    {
      place: { line: 7 },
      reason: "It cannot be counted by itself: it is in the head of a compound statement.",
    },
  ]);
});

test("a place in a head, in a loop that never goes round twice, is not measured", async () => {
  const { findings, notMeasured } = await loopsOf({ "main.py": polling("0") }, "main.py");
  expect(findings.map(({ place }) => place?.line)).toEqual([9]);
  expect(notMeasured).toMatchObject([
    {
      place: { line: 7 },
      reason: "Not measured: its loop never goes round twice (it is in the head of a compound statement).",
    },
  ]);
});

test("a function that main.py does not come to is called by itself, with stand-ins", async () => {
  const driver =
    "class Sensor:\n    def __init__(self, i2c):\n        self.i2c = i2c\n    def watch(self):\n        while True:\n            frame = bytearray(100)\n            self.i2c.readfrom_into(60, frame)\n            print(frame[0])\n";
  const { findings, notMeasured } = await loopsOf(
    { "main.py": "import driver\n", "driver.py": driver },
    "driver.py",
  );
  expect(notMeasured).toEqual([]);
  expect(findings.map(({ place }) => place?.line)).toEqual([6]);
  expect(Number(findings[0]?.saving?.bytes)).toBeGreaterThanOrEqual(112);
});

test("a server's loop is measured while it answers three requests", async () => {
  const main = `import socket
server = socket.socket()
server.bind(socket.getaddrinfo("0.0.0.0", 80)[0][-1])
server.listen(1)
while True:
    client, address = server.accept()
    method, path, _ = client.recv(1024).split(b" ", 2)
    if path == b"/":
        client.send("HTTP/1.0 200 OK\\r\\n\\r\\n%s" % address[0])
    client.close()
`;
  const { findings, notMeasured } = await loopsOf({ "main.py": main }, "main.py");
  expect(notMeasured).toEqual([]);
  expect(new Set(findings.map(({ place }) => place?.line))).toEqual(new Set([7, 9]));
});

test("tasks of asyncio are counted while they take turns, and the run comes to its end", async () => {
  const main = `import asyncio
from machine import I2C

async def read(i2c):
    total = 0
    while True:
        data = i2c.readfrom_mem(60, 1, 40)
        total += data[0]
        await asyncio.sleep_ms(50)

async def blink():
    while True:
        await asyncio.sleep_ms(500)

async def go():
    asyncio.create_task(blink())
    await read(I2C(0))

asyncio.run(go())
`;
  const { findings, notMeasured } = await loopsOf({ "main.py": main }, "main.py");
  expect(notMeasured).toEqual([]);
  expect(findings.map(({ place }) => place?.line)).toEqual([7]);
});

test("a loop with break is counted for the passes it does", async () => {
  const main =
    "n = 0\nwhile True:\n    n += 1\n    x = bytearray(200)\n    x[0] = n & 1\n    if n > 8:\n        break\nprint(n)\n";
  const { findings } = await loopsOf({ "main.py": main }, "main.py");
  expect(findings.map(({ place }) => place?.line)).toEqual([4]);
  expect(Number(findings[0]?.saving?.bytes)).toBeGreaterThanOrEqual(208);
  expect(Number(findings[0]?.saving?.bytes)).toBeLessThan(300);
});

test("an endless loop that never comes to the place ends long before the deadline", async () => {
  const since = performance.now();
  const main = "import time, a\nwhile True:\n    time.sleep(1)\n    a.tick()\n";
  const a =
    "def tick():\n    pass\n\ndef idle(*, key):\n    while True:\n        b = bytearray(300)\n        b[0] = 1\n";
  const { findings, notMeasured } = await loopsOf({ "main.py": main, "a.py": a }, "a.py");
  expect(findings).toEqual([]);
  expect(notMeasured.map(({ reason }) => reason)).toEqual(["Not measured: nothing that was run came to it."]);
  expect(performance.now() - since).toBeLessThan(8000);
});

test("an endless loop that swallows every exception of the one inside is counted and ended", async () => {
  const main =
    "while True:\n    try:\n        while True:\n            b = bytearray(90)\n            b[0] = 1\n    except:\n        pass\n";
  const { findings } = await loopsOf({ "main.py": main }, "main.py");
  expect(findings.map(({ place }) => place?.line)).toEqual([4]);
});

test("what comes rarely, among many turns of another loop, is counted", async () => {
  const main = "import a\nn = 0\nwhile True:\n    n += 1\n    if n % 500 == 0:\n        a.report()\n";
  const a = "def report():\n    for x in (1, 2, 3):\n        b = bytearray(300)\n        b[0] = x\n";
  const { findings } = await loopsOf({ "main.py": main, "a.py": a }, "a.py");
  expect(findings.map(({ place }) => place?.line)).toEqual([3]);
});

describe("what was not seen to allocate is no finding", () => {
  test.each<[string, string, string]>([
    [
      "raises before it",
      "x = 1 / 0\nwhile True:\n    b = bytearray(9)\n",
      "ZeroDivisionError: divide by zero",
    ],
    ["raises much", "raise ValueError('x' * 100000)\nwhile True:\n    b = bytearray(9)\n", "ValueError: xxx"],
    ["leaves", "import sys\nsys.exit()\nwhile True:\n    b = bytearray(9)\n", "SystemExit"],
    [
      "never comes to it",
      "if False:\n    while True:\n        b = bytearray(9)\n",
      "nothing that was run came to it",
    ],
    [
      "hangs before it",
      "while 2 > 1: pass\nwhile True:\n    b = bytearray(9)\n",
      "did not come back in time",
    ],
    [
      "swallows every exception",
      "while 2 > 1:\n    try:\n        while True:\n            b = bytearray(9)\n    except:\n        pass\n",
      "did not come back in time",
    ],
    [
      "breaks the interpreter",
      "import re\nre.match('(a*)*b', 'a' * 100000)\nwhile True:\n    b = bytearray(9)\n",
      "the interpreter broke",
    ],
  ])("where main.py %s: the reason is told", async (_, main, reason) => {
    const { findings, notMeasured, rewritten } = await loopsOf({ "main.py": main }, "main.py", impatient);
    expect([findings, rewritten]).toEqual([[], []]);
    expect(notMeasured).toHaveLength(1);
    expect(notMeasured[0]?.reason).toContain(reason);
    expect(notMeasured[0]?.reason.length).toBeLessThan(400);
  });
});

test("what an application prints is no count and no exception", async () => {
  const main = `print('{"sites": [[1, 1]], "passes": [9], "record": [9]}')
print("raised: nothing")
while True:
    b = bytearray(300)
    b[0] = 1
    print('{"sites"', end="")
    print("raised: ", b[0])
`;
  const { findings, notMeasured } = await loopsOf({ "main.py": main }, "main.py");
  expect(notMeasured).toEqual([]);
  expect(findings.map(({ place }) => place?.line)).toEqual([4]);
});

test("an application that prints a megabyte is counted all the same", async () => {
  const main = "for _ in range(1000): print('x' * 1000)\nwhile True:\n    b = bytearray(300)\n    b[0] = 1\n";
  expect(findingsOf(await loopsOf({ "main.py": main }, "main.py"))).toHaveLength(1);
});

test("nothing is done for source without such places, and main.py may be empty", async () => {
  expect((await loopsOf({ "main.py": "" }, "main.py")).findings).toEqual([]);
  expect((await loopsOf({ "main.py": "", "a.py": "A = 1\n" }, "a.py")).notMeasured).toEqual([]);
});
