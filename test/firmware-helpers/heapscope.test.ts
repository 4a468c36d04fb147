import { beforeAll, describe, expect, test } from "vitest";
import { framesIn, labelOf, usedBytes } from "./frames.ts";
import { handDrivenTimers, helperSource, type Python, python, releases } from "./python.ts";

describe.each(releases)("%s", (release) => {
  let py: Python;
  const clock = handDrivenTimers();
  beforeAll(async () => {
    py = await python(release);
    py.bare.registerJsModule("machine", clock.module);
    py.run("import heapscope, gc, micropython\nkept = 0\nbefore = 0");
  });
  const live = () => clock.timers.filter((timer) => timer.live);

  test("report() prints one frame that a person can read", () => {
    const text = py.run("heapscope.report()");
    expect(text).toMatch(
      /^\n<heapscope 1 1 run=\d+ ms=\d+( threshold=-?\d+)? phase=on-demand>\s+(stack: .*\s+GC: .*\s+No\. of .*\s+){2}<\/heapscope 1 sum=\d+>\n$/,
    );
    const [frame] = framesIn(text);
    expect(frame?.record?.heap.totalBytes).toBeGreaterThan(60_000);
    expect(frame?.record?.map).toBeNull();
  });

  test("report(map=True) prints the figures, then the map", () => {
    const [frame] = framesIn(py.run("heapscope.report(map=True)"));
    expect(frame?.record?.map?.areas.length).toBeGreaterThan(0);
  });

  test("numbers rise by one, and the run stays the same", () => {
    const frames = framesIn(py.run("for _ in range(3): heapscope.report()"));
    const first = frames[0]!.number;
    expect(frames.map(({ number }) => number)).toEqual([first, first + 1, first + 2]);
    expect(new Set(frames.map(({ keys }) => keys["run"])).size).toBe(1);
    expect(frames[0]?.keys["run"]).toMatch(/^[0-9a-f]{1,4}$|^\d{5}$/);
  });

  test.each(["parse", "after wifi", "100 % <b> =", "tab\tline\r\n\x04\x7f", "zwölf €"])(
    "the label %j comes whole",
    (label) => {
      const [frame, ...more] = framesIn(py.run(`heapscope.report(label=${JSON.stringify(label)})`));
      expect(more).toEqual([]);
      expect(frame?.keys).toMatchObject({ mark: "point", phase: "on-demand" });
      expect(labelOf(frame)).toBe(label);
    },
  );

  test("labels that are no text, and long ones, are no trouble", () => {
    expect(labelOf(framesIn(py.run("heapscope.report(label=17)"))[0])).toBe("17");
    expect(labelOf(framesIn(py.run("heapscope.report(label='x' * 500)"))[0])).toBe("x".repeat(80));
  });

  test("report(collect=True) prints a frame before the collection and one after it", () => {
    const [before, after, ...more] = framesIn(
      py.run("heapscope.report(collect=True, map=True, label='now')"),
    );
    expect(more).toEqual([]);
    expect(before?.keys["phase"]).toBe("before-collect");
    expect(before?.keys).not.toHaveProperty("mark");
    expect(after?.keys).toMatchObject({ phase: "after-collect", mark: "point", label: "now" });
    expect(Number(after?.keys["pause_us"])).toBeGreaterThanOrEqual(0);
    expect(after?.record?.map).not.toBeNull();
  });

  test("measure() tells what a block kept, to the byte", () => {
    const block = "heapscope.measure('a block'):\n kept = bytearray(1000)";
    const [begin, end, settled, ...more] = framesIn(py.run(`with ${block}`));
    expect(more).toEqual([]);
    expect([begin, end, settled].map((frame) => [frame?.keys["mark"], frame?.keys["phase"]])).toEqual([
      ["begin", "after-collect"],
      ["end", "before-collect"],
      ["settled", "after-collect"],
    ]);
    expect([begin, end, settled].map(labelOf)).toEqual(["a block", "a block", "a block"]);
    // 1000 bytes are 63 blocks of 16; one more is the bytearray itself.
    expect(usedBytes(settled) - usedBytes(begin)).toBe(64 * 16);
  });

  test("measure() of nothing keeps nothing, and lets the block's exception through", () => {
    const frames = framesIn(
      py.run(
        "try:\n with heapscope.measure('x'): raise ValueError\nexcept ValueError: print('through')\nwith heapscope.measure('y'): pass",
      ),
    );
    expect(frames).toHaveLength(6);
    expect(usedBytes(frames[5])).toBe(usedBytes(frames[3]));
    expect(py.value("heapscope._busy")).toBe("0");
  });

  test("a report leaves no garbage, with or without a map", () => {
    py.run("heapscope.report()\nheapscope.report(True)");
    py.run("gc.collect()");
    py.run(
      "before = gc.mem_alloc()\nfor _ in range(20):\n heapscope.report()\n heapscope.report(True)\nkept = gc.mem_alloc()",
    );
    expect(py.value("kept - before")).toBe("0");
  });

  test("labels leave nothing that survives a collection", () => {
    const report = "heapscope.report(label='after wifi', collect=True)";
    py.run(report);
    py.run("gc.collect()");
    py.run("before = gc.mem_alloc()");
    py.run(`for _ in range(20): ${report}`);
    py.run("gc.collect()");
    py.run("kept = gc.mem_alloc()");
    expect(py.value("kept - before")).toBe("0");
  });

  test("start() reports at once and whenever its timer fires; collections and maps come in turn", () => {
    const first = framesIn(py.run("heapscope.start(10, map_every=6, collect_every=3)"));
    expect(live().map(({ id, period }) => [id, period])).toEqual([[-1, 10_000]]);
    for (let turn = 2; turn <= 6; turn++) live()[0]!.fire();
    const frames = [...first, ...framesIn(py.printed())];
    expect(frames.map(({ keys, record }) => `${keys["phase"]}${record?.map ? " map" : ""}`)).toEqual([
      "periodic",
      "periodic",
      "before-collect",
      "after-collect",
      "periodic",
      "periodic",
      "before-collect",
      "after-collect map",
    ]);
    for (const frame of frames) expect(frame.keys["interval"]).toBe("10");
    expect(framesIn(py.run("heapscope.report()"))[0]?.keys["interval"]).toBe("10");
  });

  test("start() again is another interval, never a second timer; stop() is silent", () => {
    py.run("heapscope.start(10)\nheapscope.start(20)");
    expect(live().map(({ period }) => period)).toEqual([20_000]);
    live()[0]!.fire();
    expect(framesIn(py.printed()).map(({ keys }) => keys["interval"])).toEqual(["20"]);
    py.run("heapscope.stop()\nheapscope.stop()");
    expect(live()).toEqual([]);
    expect(framesIn(py.run("heapscope.report()"))[0]?.keys).not.toHaveProperty("interval");
  });

  test("a timer leaves alone the collections while a block is measured", () => {
    py.run("heapscope.start(10, collect_every=1)\nm = heapscope.measure('long')\nm.__enter__()");
    live()[0]!.fire();
    expect(framesIn(py.printed()).at(-1)?.keys["phase"]).toBe("periodic");
    py.run("m.__exit__(None, None, None)");
    live()[0]!.fire();
    expect(framesIn(py.printed()).at(-1)?.keys["phase"]).toBe("after-collect");
    py.run("heapscope.stop()");
  });

  test("an open line of the application's stays a line of its own, and a timer meets it anywhere", () => {
    const text = py.run("print('working...', end='')\nheapscope.report()\nprint('done')");
    expect(text).toMatch(/^working\.\.\.\n<heapscope /);
    expect(text).toMatch(/sum=\d+>\ndone\n$/);
    expect(framesIn(text)).toHaveLength(1);
  });

  test("a frame that fails harms nobody: it has no end, and the next one carries on", () => {
    const break_ =
      "real = heapscope.micropython\nclass Broken:\n def mem_info(self, *a): raise MemoryError\nheapscope.micropython = Broken()";
    const failed = py.run(`${break_}\nheapscope.report(label='x')\nprint('alive')`);
    expect(failed).toMatch(/phase=on-demand mark=point label=x>\nalive\n$/);
    expect(framesIn(failed)).toEqual([]);
    const number = Number(/<heapscope 1 (\d+)/.exec(failed)?.[1]);
    const [next] = framesIn(py.run("heapscope.micropython = real\nheapscope.report()"));
    expect(next?.number).toBe(number + 1);
  });
});

const [oldest] = releases;

test("where mem_info is missing, its place is taken by alloc and free", async () => {
  const other = await python(oldest);
  other.run(
    "import micropython, sys\nclass Small: pass\nsmall = Small()\nsmall.schedule = micropython.schedule\nsmall.const = micropython.const\nsys.modules['micropython'] = small",
  );
  const [frame, ...more] = framesIn(other.run("import heapscope\nheapscope.report(True)"));
  expect(more).toEqual([]);
  expect(frame?.record).toBeNull();
  expect(Number(frame?.keys["alloc"])).toBeGreaterThan(1_000);
  expect(Number(frame?.keys["free"])).toBeGreaterThan(1_000);
});

test("an ESP32's regions of system heap are in the frame", async () => {
  const other = await python(oldest, {
    "heapscope.py": helperSource(),
    "esp32.py":
      "HEAP_DATA = 4\ndef idf_heap_info(kind): return [(16000, 200, 100, 50), (8000, 7900, 7000, 6000)]",
  });
  const [frame] = framesIn(other.run("import heapscope\nheapscope.report()"));
  expect(frame?.keys["idf"]).toBe("16000/200/100/50,8000/7900/7000/6000");
});
