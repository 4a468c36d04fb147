# For freezing the helper into a firmware of your own: in your board's manifest.py
#   include("/path/to/firmware-helpers/manifest.py")
# opt=3 leaves out line numbers, which cost flash only. Frozen, the code itself takes no heap.
module("heapscope.py", base_path="$(MPY_DIR)/../heapscope/firmware-helpers", opt=3)
