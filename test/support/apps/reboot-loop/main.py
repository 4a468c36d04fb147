# Resets itself a second after each start.
import machine
import time

print("reboot-loop starts")
time.sleep(1)
machine.reset()
