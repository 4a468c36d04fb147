import { beforeAll, describe, expect, test } from "vitest";
import { framesIn, labelOf } from "./frames.ts";
import { handDrivenTimers, helperSource, type Python, python, releases } from "./python.ts";

/** The oldest and the newest release at hand; MicroPython 1.9 is in test/hardware. */
describe.each([releases[0], releases[4]])("%s", (release) => {
  let py: Python;
  const clock = handDrivenTimers();
  beforeAll(async () => {
    py = await python(release, { "heapscope_tiny.py": helperSource("heapscope_tiny") });
    py.bare.registerJsModule("machine", clock.module);
    py.run("import heapscope_tiny as heapscope, gc");
  });
  const live = () => clock.timers.filter((timer) => timer.live);

  test("report() prints the same frames", () => {
    const frames = framesIn(
      py.run("heapscope.report()\nheapscope.report(map=True, collect=True, label='100 % <after wifi>')"),
    );
    expect(frames.map(({ number, keys }) => [number, keys["phase"]])).toEqual([
      [1, "on-demand"],
      [2, "before-collect"],
      [3, "after-collect"],
    ]);
    expect(frames[2]?.keys["mark"]).toBe("point");
    expect(labelOf(frames[2])).toBe("100 % <after wifi>");
    expect(frames[2]?.record?.map).not.toBeNull();
  });

  test("start() reports at once and by timer, with collections and maps in turn; stop() ends it", () => {
    const first = py.run("heapscope.start(10)\nheapscope.start(5, map_every=3, collect_every=2)");
    expect(live().map(({ period }) => period)).toEqual([5_000]);
    live()[0]!.fire();
    live()[0]!.fire();
    const frames = framesIn(`${first}${py.printed()}`);
    expect(
      frames.map(({ keys, record }) => `${keys["phase"]} ${keys["interval"]}${record?.map ? " map" : ""}`),
    ).toEqual(["periodic 10", "periodic 5", "before-collect 5", "after-collect 5", "periodic 5 map"]);
    py.run("heapscope.stop()");
    expect(live()).toEqual([]);
    expect(framesIn(py.run("heapscope.report()"))[0]?.keys).not.toHaveProperty("interval");
  });

  test("reports leave nothing that survives a collection", () => {
    const reports = "for _ in range(20): heapscope.report(label='after wifi', collect=True)";
    py.run("before = kept = 0");
    py.run(reports);
    py.run("gc.collect()");
    py.run("before = gc.mem_alloc()");
    py.run(reports);
    py.run("gc.collect()");
    py.run("kept = gc.mem_alloc()");
    expect(py.value("kept - before")).toBe("0");
  });

  test("a report that fails harms nobody", () => {
    expect(py.run("heapscope.micropython = None\nheapscope.report()\nprint('alive')")).toMatch(
      /phase=on-demand>\nalive\n$/,
    );
  });
});
