# An asyncio application whose helper reports by itself. `count` and what it prints go on all the time.
import asyncio
import heapscope

count = 0


async def beat():
    global count
    while True:
        count += 1
        print("count", count)
        await asyncio.sleep_ms(20)


async def main():
    asyncio.create_task(beat())
    asyncio.create_task(heapscope.task(0.3, map_every=5, collect_every=3, request=b"\x05"))
    kept = []
    while True:
        await asyncio.sleep_ms(400)
        heapscope.report(label="after wifi")
        with heapscope.measure("parse"):
            kept.append([number for number in range(50)])


asyncio.run(main())
