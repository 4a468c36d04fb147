# Here and not in main.py, so that the garbage of compiling is collected before main.py fills the heap.
import filler, js
