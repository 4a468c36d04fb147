# An application as most are: asyncio.run() keeps the REPL from whoever does not press Ctrl-C.
# Tests read `count`, which grows by 20 a second while the tasks run, and `slow`, which grows by 2.
import asyncio

count = 0
slow = 0


async def count_fast():
    global count
    while True:
        count += 1
        await asyncio.sleep_ms(50)


async def count_slowly():
    global slow
    while True:
        slow += 1
        await asyncio.sleep_ms(500)


async def main():
    asyncio.create_task(count_slowly())
    await count_fast()


asyncio.run(main())
