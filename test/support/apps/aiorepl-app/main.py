# An asyncio application with an aiorepl: it answers the raw REPL while it runs. Tests read `count`, which grows by 20 a
# second, and stands still while somebody is in aiorepl's raw mode. Garbage is not collected as long as it runs (on a
# board it is): a quarter of a kilobyte is left by each program, so give the board a heap of a megabyte for
# more than a hundred.
import aiorepl
import asyncio

count = 0


async def count_up():
    global count
    while True:
        count += 1
        await asyncio.sleep_ms(50)


async def main():
    asyncio.create_task(count_up())
    await asyncio.create_task(aiorepl.task())


asyncio.run(main())
