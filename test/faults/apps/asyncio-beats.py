# The same with asyncio, twenty times a second. What it waits for is a stand-in for a board's asyncio.
import asyncio

print("boot")


async def beat():
    count = 0
    while True:
        count += 1
        print("beat", count)
        await asyncio.sleep_ms(50)


asyncio.run(beat())
