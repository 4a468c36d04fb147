# heapscope: reports this board's heap by itself, as plain lines on the console.
# README.md beside this file says how to use it and what the lines mean.
#
# A report allocates nothing: whatever it kept or left would be taken for the application's. So texts come with
# the sum of their bytes as a number, and numbers are summed digit by digit.
import gc
import micropython

try:
    import time
except ImportError:
    import utime as time

_n = 0  # frames so far
_busy = 0  # 1: a frame is being printed; 2 more for each open measure()
_timer = None
_turn = 0  # goes up with each start() and stop(): a loop of an earlier turn ends
_ticks = 0
_map = 0
_gc = 0
_due = ""  # " interval=10" while reports come by themselves
_duesum = 0

try:
    from os import urandom

    _run = int.from_bytes(urandom(2), "big")
except Exception:
    _run = time.ticks_us() & 65535

try:
    import esp32

    def _idf(s):
        t = " idf="
        for region in esp32.idf_heap_info(esp32.HEAP_DATA):
            for n in region:
                s = _put(t, n, s + (47 if t == "/" else 44 if t == "," else 400))
                t = "/"
            t = ","
        return s

except ImportError:
    _idf = None


def _put(text, n, s):
    print(text, n, sep="", end="")
    if n < 0:
        s += 45
        n = -n
    while True:
        s += 48 + n % 10
        n //= 10
        if not n:
            return s


def _opt(module, name, text, k, s):
    f = getattr(module, name, None)
    return _put(text, f(), s + k) if f else s


def _head(us, s):
    s = _put("\n<heapscope 1 ", _n, s + 1125)
    s = _put(" run=", _run, s + 434)
    s = _put(" ms=", time.ticks_ms(), s + 317)
    if us >= 0:
        s = _put(" pause_us=", us, s + 962)
    s = _opt(micropython, "stack_use", " stack=", 627, s)
    s = _opt(gc, "threshold", " threshold=", 1066, s)
    s = _opt(micropython, "mem_peak", " peak=", 510, s)
    if not hasattr(micropython, "mem_info"):
        s = _opt(gc, "mem_alloc", " alloc=", 616, s)
        s = _opt(gc, "mem_free", " free=", 511, s)
    return _idf(s) if _idf else s


# s: the sum of the bytes of phase, mark and label.
def _frame(phase, map, us, mark, label, s):
    global _n, _busy
    if _busy & 1:
        return
    _busy |= 1
    try:
        _n += 1
        s = _head(us, s + _duesum)
        print(" phase=", phase, _due, mark, label, ">", sep="")
        if hasattr(micropython, "mem_info"):
            micropython.mem_info()
            if map:
                micropython.mem_info(1)
            else:
                micropython.mem_info()
        print("</heapscope ", _n, " sum=", s + 684 & 65535, ">", sep="")
    except Exception:
        pass  # the end is missing, so the host counts the frame as lost
    finally:
        _busy &= ~1


def _clean():
    t = time.ticks_us()
    gc.collect()
    return time.ticks_diff(time.ticks_us(), t)


def _quote(text):
    try:
        out = bytearray()
        for b in bytes(str(text)[:80], "utf8"):
            if 32 < b < 127 and b != 37 and b != 60 and b != 62:
                out.append(b)
            else:
                out.extend(b"%%%02x" % b)
        return str(out, "utf8"), sum(out)
    except Exception:
        return "", 0


def report(map=False, collect=False, label=None):
    mark = text = ""
    s = 0
    if label is not None:
        mark = " mark=point label="
        text, s = _quote(label)
        s += 1679
    _do(map, collect, "on-demand", 883, mark, text, s)


def _do(map, collect, phase, k, mark, text, s):
    us = -1
    if collect:
        _frame("before-collect", False, us, "", "", 1414)
        us = _clean()
        phase = "after-collect"
        k = 1317
    _frame(phase, map, us, mark, text, s + k)


def _tick(_):
    global _ticks
    _ticks += 1
    _do(
        _map and _ticks % _map == 0,
        _gc and _ticks % _gc == 0 and not _busy,
        "periodic",
        847,
        "",
        "",
        0,
    )


# A timer's callback may be an interrupt, where nothing may be allocated and printing does harm.
def _later(_):
    try:
        micropython.schedule(_tick, 0)
    except Exception:
        pass  # others fill the queue: the next one comes


def stop():
    global _timer, _turn, _due, _duesum
    _turn += 1
    _due = ""
    _duesum = 0
    if _timer:
        _timer.deinit()
        _timer = None


def _set(interval, map_every, collect_every):
    global _due, _duesum, _ticks, _map, _gc
    stop()
    _due = " interval=%s" % interval
    _duesum = sum(bytes(_due, "utf8"))
    _ticks = 0
    _map = map_every
    _gc = collect_every


def start(interval=10, map_every=30, collect_every=6, timer=None):
    global _timer
    _set(interval, map_every, collect_every)
    try:
        from machine import Timer

        micropython.schedule
    except Exception:
        Timer = None
    # -1 is a virtual timer; an ESP32 has none and its last hardware timer is 3 or 1.
    for i in (-1, 3, 1, 0) if timer is None else (timer,):
        try:
            t = Timer(i)
            t.init(period=int(interval * 1000), callback=_later)
            _timer = t
            return _tick(0)
        except Exception:
            pass
    try:
        _aio().create_task(task(interval, map_every, collect_every))
    except ImportError:
        stop()
        raise OSError("heapscope: no machine.Timer and no asyncio here; call heapscope.report()")


def _aio():
    try:
        import asyncio
    except ImportError:
        import uasyncio as asyncio
    return asyncio


def task(interval=10, map_every=30, collect_every=6, request=None):
    _set(interval, map_every, collect_every)
    return _loop(_aio(), int(interval * 1000), request, _turn)


async def _loop(asyncio, ms, request, turn):
    if request:
        asyncio.create_task(_listen(asyncio, request, turn))
    while turn == _turn:
        _tick(0)
        await asyncio.sleep_ms(ms)


async def _listen(asyncio, request, turn):
    from sys import stdin

    stream = asyncio.StreamReader(getattr(stdin, "buffer", stdin))
    while turn == _turn:
        if await stream.read(1) == request:
            report(True)


class measure:
    def __init__(self, label):
        self.text, self.s = _quote(label)

    def __enter__(self):
        global _busy
        _busy += 2
        _frame("after-collect", False, _clean(), " mark=begin label=", self.text, self.s + 2959)
        return self

    def __exit__(self, a, b, c):
        global _busy
        _frame("before-collect", False, -1, " mark=end label=", self.text, self.s + 2850)
        _frame("after-collect", False, _clean(), " mark=settled label=", self.text, self.s + 3199)
        _busy -= 2
