import { expect, test } from "vitest";
import { boardOnCable, numberOf, pause, rawBanner, runRaw } from "../emulator/board-on-cable.ts";
import { boardFiles } from "./board-files.ts";
import { framesIn } from "./frames.ts";
import { helperSource, python, releases } from "./python.ts";

// On boards, for two interpreters whose asyncio lives on one process's timers get in each other's way.
const main = `import asyncio, sys
sys.modules["machine"] = asyncio  # it has no Timer
import heapscope
beats = 0
async def beat():
    global beats
    while True:
        beats += 1
        await asyncio.sleep_ms(2)
asyncio.create_task(beat())
heapscope.start(7)
heapscope.start(0.03, map_every=0, collect_every=3)
`;

test.each([releases[0], releases[4]])(
  "%s: without a timer start() is a task beside the application's, and never two",
  async (interpreter) => {
    const { client } = await boardOnCable({ filesDir: boardFiles(main), interpreter });
    const frames = framesIn(`${await client.waitFor("</heapscope 8 ")}${await client.waitFor(">")}`);
    expect(frames.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(frames.map(({ keys }) => keys["phase"])).toEqual([
      "periodic",
      "periodic",
      "before-collect",
      "after-collect",
      "periodic",
      "periodic",
      "before-collect",
      "after-collect",
    ]);
    for (const { keys } of frames) expect(keys["interval"]).toBe("0.03");
    const gaps = [2, 5, 6].map((at) => Number(frames[at]?.keys["ms"]) - Number(frames[at - 1]?.keys["ms"]));
    expect(Math.min(gaps[0]!, gaps[2]!)).toBeGreaterThanOrEqual(25);

    await client.ask("\x01", rawBanner);
    expect((await runRaw(client, "heapscope.stop()"))[1]).toBe("");
    const beats = await numberOf(client, "beats");
    await pause(100);
    expect(client.received()).toBe("");
    expect(await numberOf(client, "beats")).toBeGreaterThan(beats);
  },
);

test("where there is neither timer nor asyncio, start() says what to do", async () => {
  const py = await python(releases[0], {
    "heapscope.py": helperSource(),
    "asyncio.py": "raise ImportError",
    "uasyncio.py": "raise ImportError",
  });
  expect(
    py.run(
      "import heapscope\ntry: heapscope.start()\nexcept OSError as error: print(error)\nheapscope.report()",
    ),
  ).toMatch(/^heapscope: neither machine\.Timer nor asyncio here; call report\(\)\n\n<heapscope 1 1 /);
});
