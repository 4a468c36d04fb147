# An asyncio application whose helper reports by itself. `count` and what it prints go on all the time: how late each
# beat came, and how long reports took since the one before, ms.
import asyncio
import heapscope
import time

count = 0
reporting = 0
frame = heapscope._frame


def timed_frame(*figures):
    global reporting
    began = time.ticks_ms()
    frame(*figures)
    reporting += time.ticks_diff(time.ticks_ms(), began)


heapscope._frame = timed_frame


async def beat():
    global count, reporting
    last = time.ticks_ms()
    while True:
        await asyncio.sleep_ms(20)
        now = time.ticks_ms()
        count += 1
        print("count", count, "late", time.ticks_diff(now, last) - 20, "reporting", reporting)
        last = now
        reporting = 0


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
