# A loop without asyncio that prints nothing. Tests read `count`, which grows by about 50 a second.
import time

count = 0
while True:
    count += 1
    time.sleep_ms(20)
