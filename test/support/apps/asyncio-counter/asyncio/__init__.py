"""Stands in for a board's asyncio, whose run() blocks the REPL; this port's own runs while the REPL waits.

It is found before the frozen one because sys.path begins with ''. Names and structure are those that extmod/asyncio has
and heapscope relies on; the code is heapscope's own and knows no more than the applications here need.
"""

from .core import *
from .stream import StreamReader
