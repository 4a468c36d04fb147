# Holds the prompt, and all of its heap but a few KB. mem_free() would count what this port believes it could add.
import gc
import time

print("boot")
hold = bytearray(64000 - 4096 - gc.mem_alloc())
print("beat 1")
while True:
    time.sleep_ms(20)
