import { afterAll, describe, expect, test } from "vitest";
import { sourcesOf } from "../../../src/advice/files/application.ts";
import { adviseLoops } from "../../../src/advice/files/loops.ts";
import { advisePasses } from "../../../src/advice/files/passes.ts";
import type { Finding } from "../../../src/advice/finding.ts";
import type { Firmware } from "../../../src/lab/experiment.ts";
import { openLaboratory } from "../../../src/lab/laboratory.ts";
import { type Files, prepared } from "./support.ts";

const lab = openLaboratory();
afterAll(() => lab.close());

async function passesOf(files: Files, firmware: Firmware = "1.27"): Promise<readonly Finding[]> {
  const { application, bench, files: board } = await prepared(lab, files);
  const on = { ...bench, firmware };
  const loops = await Promise.all(
    sourcesOf(application).map((source) => adviseLoops(on, board, application, source)),
  );
  return advisePasses(
    on,
    board,
    application,
    loops.flatMap(({ findings }) => findings),
  );
}

const partsOf = ({ others }: Finding): readonly string[] =>
  others.map(({ label, bytesPerPass }) => `${label} ${bytesPerPass}`);

const helper = `import time
def helper(v):
    b = bytearray(128)
    b[0] = v & 1
while True:
    helper(3)
    time.sleep(1)
`;

describe.each<Firmware>(["1.27", "1.23"])("on %s", (firmware) => {
  test("what a function allocates that a loop calls is found at its line", async () => {
    const findings = await passesOf({ "main.py": helper }, firmware);
    expect(findings).toMatchObject([
      {
        tip: 4,
        code: "pass-allocates",
        title: "Each pass of this loop allocates 144 B: 144 B in main.py:3.",
        place: { file: "main.py", line: 5 },
        before: { bytesPerPass: 144 },
        saving: { bytes: 144, of: "each-pass", atMost: true },
        method: { heapBytes: null },
        confidence: "medium",
      },
    ]);
    expect(findings.map(partsOf)).toEqual([["main.py:3 144"]]);
  });

  test("a loop that allocates nothing has no finding, whatever its calls look like", async () => {
    const main = `import time, machine
class Station:
    def __init__(self):
        self.total = 0
        self.buf = bytearray(4)
    def read(self, i2c):
        i2c.readfrom_mem_into(60, 1, self.buf)
        if self.size() > 2:
            for k in range(len(self.buf)):
                self.total = (self.total + self.buf[k]) & 0xffff
        elif not self.buf: return None
        return self.total
    def size(self): return len(self.buf)
i2c = machine.I2C(0)
station = Station()
while True:
    x = station.read(i2c)
    while x > 70000: x -= 1
    time.sleep_ms(10)
`;
    expect(await passesOf({ "main.py": main }, firmware)).toEqual([]);
  });
});

test("methods of a module, what they return and heads of if are told apart, largest first", async () => {
  const driver = `class Sensor:
    def read(self):
        return self.raw(20) * 1.5
    def raw(self, n):
        if len(bytes(n * 20)) > 3:
            return n
`;
  const main =
    "import time\nfrom driver import Sensor\nsensor = Sensor()\nwhile True:\n    x = sensor.read()\n    y = [x]\n    time.sleep(1)\n";
  const [finding, ...more] = await passesOf({ "main.py": main, "lib/driver.py": driver });
  expect(more).toEqual([]);
  expect(partsOf(finding as Finding).map((part) => part.split(" ")[0])).toEqual([
    "lib/driver.py:5",
    "lib/driver.py:3",
  ]);
  expect(finding?.title).toMatch(/allocates \d+ B, \d+ B of it where no other finding is: /);
});

test("a pass that other findings explain is none", async () => {
  const main = "import time\nwhile True:\n    b = bytearray(100)\n    b[0] = 1\n    time.sleep(1)\n";
  expect(await passesOf({ "main.py": main })).toEqual([]);
});

test("exceptions in a pass leave the count of the others right", async () => {
  const main = `import time
def fails():
    b = bytearray(200)
    raise ValueError
def works():
    c = bytearray(300)
    c[0] = 1
while True:
    try:
        fails()
    except ValueError:
        works()
    time.sleep(1)
`;
  const [finding] = await passesOf({ "main.py": main });
  const parts = partsOf(finding as Finding);
  expect(parts[0]).toMatch(/^main\.py:6 3\d\d$/);
  expect(parts[1]).toMatch(/^main\.py:3 2\d\d$/);
  const sum = finding?.others.reduce((all, { bytesPerPass }) => all + (bytesPerPass ?? 0), 0) ?? 0;
  expect(sum).toBeLessThanOrEqual(finding?.before?.bytesPerPass ?? 0);
});

test("a loop in a pass of another is named once, at its own place", async () => {
  const main = `import time
def make(n):
    return bytearray(n)
def poll():
    k = 0
    while True:
        k += 1
        x = make(50)
        if k > 5: break
while True:
    poll()
    time.sleep(1)
`;
  const findings = await passesOf({ "main.py": main });
  expect(findings.map(({ place }) => place?.line)).toEqual([6]);
});

test("a loop whose task waits is left out: others run in its passes", async () => {
  const main = `import asyncio
def make(n):
    return bytearray(n)
async def go():
    while True:
        x = make(50)
        await asyncio.sleep_ms(50)
asyncio.run(go())
`;
  expect(await passesOf({ "main.py": main })).toEqual([]);
});

test("without main.py, or with one that ends at once, there is nothing to say", async () => {
  expect(await passesOf({ "a.py": "def f():\n    while True:\n        g()\n" })).toEqual([]);
  expect(await passesOf({ "main.py": "import sys\nsys.exit()\nwhile True:\n    pass\n" })).toEqual([]);
});
