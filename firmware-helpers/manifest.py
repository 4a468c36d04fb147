# For a firmware of your own: include("…/firmware-helpers/manifest.py") in your board's manifest.py.
# opt=3 leaves out line numbers. Frozen, the code stays in flash and takes no heap.
module("heapscope.py", opt=3)
