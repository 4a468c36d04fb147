# A loop that prints ten times a second. Tests read `count`.
import time

count = 0
while True:
    count += 1
    print("count", count)
    time.sleep_ms(100)
