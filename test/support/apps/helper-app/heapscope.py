# A stand-in for firmware-helpers/heapscope.py: prints the same frames, without its care for heap and ports.
import gc, micropython, time

_run = time.ticks_us() & 65535
_n = 0
_due = ""


def _frame(phase, map=False, more=""):
    global _n
    _n += 1
    if phase == "after-collect":
        began = time.ticks_us()
        gc.collect()
        more = " pause_us=%d%s" % (time.ticks_diff(time.ticks_us(), began), more)
    line = "<heapscope 1 %d run=%x ms=%d phase=%s%s%s>" % (_n, _run, time.ticks_ms(), phase, _due, more)
    end = "</heapscope %d sum=%d>" % (_n, sum(bytes(line, "utf-8")) & 65535)
    print("\n" + line)
    micropython.mem_info()
    if map:
        micropython.mem_info(1)
    else:
        micropython.mem_info()
    print(end)


def report(map=False, collect=False, label=None):
    more = "" if label is None else " mark=point label=" + label.replace(" ", "%20")
    if collect:
        _frame("before-collect")
        _frame("after-collect", map, more)
    else:
        _frame("on-demand", map, more)


async def task(interval=10, map_every=30, collect_every=6, request=None):
    global _due
    import asyncio

    _due = " interval=%s" % interval
    ticks = 0
    while True:
        ticks += 1
        map = ticks % map_every == 0
        if ticks % collect_every == 0:
            report(map, True)
        else:
            _frame("periodic", map)
        await asyncio.sleep_ms(int(interval * 1000))


class measure:
    def __init__(self, label):
        self.label = " label=" + label

    def __enter__(self):
        _frame("after-collect", False, " mark=begin" + self.label)

    def __exit__(self, type, value, traceback):
        _frame("before-collect", False, " mark=end" + self.label)
        _frame("after-collect", False, " mark=settled" + self.label)
