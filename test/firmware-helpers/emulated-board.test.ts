import { expect, test } from "vitest";
import { boardOnCable } from "../emulator/board-on-cable.ts";
import { blockingAsyncio, boardFiles } from "./board-files.ts";
import { framesIn } from "./frames.ts";

test("start() reports by timer while the application blocks, and prints into its lines", async () => {
  const main = `import heapscope, time
heapscope.start(0.05, map_every=4, collect_every=3)
count = 0
while True:
    count += 1
    print("count", count, "and", end=" ")
    time.sleep_ms(7)
    print("more")
`;
  const { client } = await boardOnCable({ filesDir: boardFiles(main) });
  const text = await client.waitFor("</heapscope 14 ");
  const frames = framesIn(`${text}${await client.waitFor(">")}`);
  expect(frames.map(({ number }) => number)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
  expect(frames.filter(({ record }) => record?.map)).toHaveLength(2);
  expect(frames.filter(({ keys }) => keys["phase"] === "after-collect")).toHaveLength(3);
  const counts = [...text.matchAll(/count (\d+) and/g)].map(([, count]) => Number(count));
  expect(counts).toEqual(counts.map((_, index) => index + 1));
  expect(counts.length).toBeGreaterThan(8);
});

test("a timer goes on at the prompt, and ends with the board's reset", async () => {
  const { board, client } = await boardOnCable({ filesDir: boardFiles("import heapscope\n") });
  await client.waitFor(">>> ");
  await client.ask("heapscope.start(0.03)\r", "</heapscope 4 ");
  await board.reset();
  await client.waitFor(">>> ");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.received()).toBe("");
});

test("a timer's callback that fails is told, and ends nothing", async () => {
  const main = `import machine, time
def wrong(timer):
    1 / 0
machine.Timer(-1, period=10, mode=machine.Timer.ONE_SHOT, callback=wrong)
time.sleep_ms(60)
once = []
machine.Timer().init(freq=100, callback=lambda timer: (once.append(1), timer.deinit()))
time.sleep_ms(60)
print("alive", once)
`;
  const { client } = await boardOnCable({ filesDir: boardFiles(main) });
  const said = await client.waitFor("alive [1]");
  expect(said.match(/ZeroDivisionError/g)).toHaveLength(1);
});

test("task() answers the byte of a request with a map, and the application never notices", async () => {
  const main = `import asyncio, heapscope
count = 0
async def beat():
    global count
    while True:
        count += 1
        await asyncio.sleep_ms(5)
async def main():
    asyncio.create_task(heapscope.task(60, request=b"\\x05"))
    await beat()
asyncio.run(main())
`;
  const { client } = await boardOnCable({ filesDir: boardFiles(main, blockingAsyncio) });
  const first = await client.waitFor("</heapscope 1 ");
  expect(first).toContain("phase=periodic interval=60");
  const [frame] = framesIn(`${await client.ask("x\x05y", "</heapscope 2 ")}${await client.waitFor(">")}`);
  expect(frame?.keys["phase"]).toBe("on-demand");
  expect(frame?.record?.map).not.toBeNull();
  const [next] = framesIn(`${await client.ask("\x05", "</heapscope 3 ")}${await client.waitFor(">")}`);
  expect(next?.record?.map).not.toBeNull();
});

test("a heap that is full to the last block is reported, map and all", async () => {
  const main = `import heapscope
chain = None
def fill(size):
    global chain
    while size >= 16:
        try:
            while True:
                chain = (chain, bytearray(size))
        except MemoryError:
            size //= 4
    try:
        while True:
            chain = (chain,)
    except MemoryError:
        pass
fill(4096)
heapscope.report(True)
chain = None
`;
  const { client } = await boardOnCable({ filesDir: boardFiles(main) });
  const [frame] = framesIn(`${await client.waitFor("</heapscope 1 ")}${await client.waitFor(">")}`);
  expect(frame?.record?.heap.freeBytes).toBeLessThan(64);
  expect(frame?.record?.map).not.toBeNull();
});
