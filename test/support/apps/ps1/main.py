# A prompt other than ">>> ", as sys.ps1 allows since MicroPython 1.19.
import sys

sys.ps1 = "mpy> "
