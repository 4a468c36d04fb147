# Feeds a watchdog. Interrupting it for longer than the watchdog's two seconds resets the board, and "watchdog starts"
# is printed again. Tests read `fed`.
import machine
import time

print("watchdog starts")
watchdog = machine.WDT(timeout=2000)
feed = watchdog.feed
fed = 0
while True:
    feed()
    fed += 1
    time.sleep_ms(100)
