# Holds the prompt. Says "boot" when it starts, and "beat N" five times a second, counting from 1.
import time

print("boot")
count = 0
while True:
    if count % 10 == 0:
        print("beat", count // 10 + 1)
    count += 1
    time.sleep_ms(20)
