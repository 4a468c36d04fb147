import { describe, expect, test } from "vitest";
import { releases } from "../firmware-helpers/python.ts";
import { pythonWithStandIns } from "./stand-in-python.ts";

describe.each(releases)("asyncio of %s", (release) => {
  const outputOf = async (code: string): Promise<string> =>
    (await pythonWithStandIns(release)).run(`import asyncio, time\n${code}`);

  test("run gives the result, and tasks take turns by the clock meanwhile", async () => {
    const printed = await outputOf(`
async def beat(name, ms):
    while True:
        await asyncio.sleep_ms(ms)
        print(name, end=" ")
async def main():
    asyncio.create_task(beat("fast", 400))
    asyncio.create_task(beat("slow", 900))
    await asyncio.sleep(2)
    return "done"
print(asyncio.run(main()))`);
    expect(printed).toBe(
      "fast fast slow fast fast slow done\n".replace(
        "fast fast slow fast fast slow",
        "fast fast slow fast fast slow",
      ),
    );
  });

  test("an error of the main coroutine comes out of run; a task that is always ready does not keep it", async () => {
    const printed = await outputOf(`
async def busy():
    while True:
        await asyncio.sleep_ms(0)
async def main():
    asyncio.create_task(busy())
    await asyncio.sleep_ms(30)
    raise ValueError("oh")
try: asyncio.run(main())
except ValueError as e: print(e)`);
    expect(printed).toBe("oh\n");
  });

  test("an await of sleep_ms takes no heap", async () => {
    const printed = await outputOf(`
import gc
async def main():
    await asyncio.sleep_ms(5)
    before = gc.mem_alloc()
    await asyncio.sleep_ms(5)
    await asyncio.sleep_ms(50)
    print(gc.mem_alloc() - before)
asyncio.run(main())`);
    expect(printed).toBe("0\n");
  });

  test("gather, wait_for, cancel, Event, Lock and ThreadSafeFlag", async () => {
    const printed = await outputOf(`
async def after(ms, value):
    await asyncio.sleep_ms(ms)
    return value
async def main():
    print(await asyncio.gather(after(20, "a"), after(10, "b")))
    print(await asyncio.wait_for(after(10, "soon"), 1))
    try: await asyncio.wait_for_ms(after(5000, "never"), 100)
    except asyncio.TimeoutError: print("timeout")
    task = asyncio.create_task(after(5000, "never"))
    await asyncio.sleep_ms(1)
    task.cancel()
    try: await task
    except asyncio.CancelledError: print("cancelled", task.done())
    event, flag, lock = asyncio.Event(), asyncio.ThreadSafeFlag(), asyncio.Lock()
    async def waiter():
        await event.wait()
        async with lock:
            print("event")
        flag.set()
    asyncio.create_task(waiter())
    event.set()
    await flag.wait()
    print("flag", asyncio.current_task() is not None)
asyncio.run(main())`);
    expect(printed).toBe("['a', 'b']\nsoon\ntimeout\ncancelled True\nevent\nflag True\n");
  });

  test("the loop of older programs", async () => {
    const printed = await outputOf(`
import uasyncio
loop = uasyncio.get_event_loop()
async def one():
    await uasyncio.sleep(1)
    print("one")
loop.create_task(one())
async def two():
    await uasyncio.sleep(2)
    loop.stop()
    await uasyncio.sleep(9)
    print("never")
loop.create_task(two())
loop.run_forever()
async def three(): return 3
print(uasyncio.new_event_loop().run_until_complete(three()))`);
    expect(printed).toBe("one\n3\n");
  });

  test("streams: three clients come to a server, and a connection can be opened", async () => {
    const printed = await outputOf(`
async def serve(reader, writer):
    print(await reader.readline(), len(await reader.read(100)))
    writer.write(b"hello")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
async def main():
    await asyncio.start_server(serve, "0.0.0.0", 80)
    reader, writer = await asyncio.open_connection("host", 80)
    await asyncio.sleep(1)
    print(len(await reader.readexactly(10)))
asyncio.run(main())`);
    expect(printed).toBe(`${"b'GET / HTTP/1.1\\r\\n' 15\n".repeat(3)}10\n`);
  });
});
