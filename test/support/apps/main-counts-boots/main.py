# Says each time that it started: "boot", then "main", then a silent loop. Whoever counts those lines counts starts.
# boot.py runs at every start; main.py does not run after a soft reset in raw mode, as on a board.
import time

print("main")
count = 0
while True:
    count += 1
    time.sleep_ms(20)
