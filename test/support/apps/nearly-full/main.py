# Fills the heap to the last block (0 bytes free by mem_info), so that every program, the probe as well, raises MemoryError
# before it runs: "MemoryError: " without the usual text, which has no room either. Then it stands at the prompt.
#
# So far always so, on 1.23 to 1.27 and heaps of 8 KiB to 1 MiB: main.py's own garbage, a few hundred bytes, is collected
# when it ends, and a timer takes that 20 ms later. Until then small programs may run. A program longer than 512 bytes
# (a 32nd of a heap below 16 KiB) hangs the emulated board, see makeRoomForLine in src/emulator/interpreter.ts.
js.setTimeout(filler.top_up, 20)
filler.fill()
