# Prints a line every 50 ms while the REPL is used: between answers, not into one, for Python does not run twice at a
# time here; a board's timer callback or thread also prints into answers. Tests read `lines`.
import asyncio

lines = 0


async def print_lines():
    global lines
    while True:
        lines += 1
        print("timer line", lines)
        await asyncio.sleep_ms(50)


asyncio.create_task(print_lines())
