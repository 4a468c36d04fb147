# heapscope: reports this board's heap by itself, as plain lines on the console.
# README.md beside this file says how to use it and what the lines mean.
#
# A report leaves no garbage: it would be taken for the application's. So texts come with the sum of their bytes as a
# number (summing them would allocate), and numbers are summed digit by digit.
#
# Everything here costs heap from .mpy, too: few functions, and argument names that every firmware has already.
import gc, micropython, time

try:
    _run = int.from_bytes(__import__("os").urandom(2), "big")
except Exception:
    _run = time.ticks_us() & 65535

_n = 0  # frames so far
_busy = 0  # 1: a frame is being printed; 2 more for each open measure()
_ticks = 0
_timer = None
_due = ""  # " interval=10" while reports come by themselves
_plan = 0, 0, 0  # the sum of _due's bytes, map_every, collect_every


def _put(key, value, sum):
    print(key, value, sep="", end="")
    if value < 0:
        sum += 45
        value = -value
    while True:
        sum += 48 + value % 10
        value //= 10
        if not value:
            return sum


try:
    import esp32

    def _more(sum):
        key = " idf="
        for region in esp32.idf_heap_info(esp32.HEAP_DATA):
            for value in region:
                sum = _put(key, value, sum + (47 if key == "/" else 44 if key == "," else 400))
                key = "/"
            key = ","
        return sum

except ImportError:
    if hasattr(micropython, "mem_info"):
        _more = None
    else:

        def _more(sum):
            sum = _put(" alloc=", gc.mem_alloc(), sum + 616)
            return _put(" free=", gc.mem_free(), sum + 511)


# sum: of the bytes of phase, mark and label
def _frame(phase, sum, map=False, mark=None, label=None):
    global _n, _busy
    if _busy & 1:
        return
    _busy |= 1
    try:
        _n += 1
        if phase == "after-collect":
            value = time.ticks_us()
            gc.collect()
            value = time.ticks_diff(time.ticks_us(), value)
        sum = _put("\n<heapscope 1 ", _n, sum + _plan[0])
        sum = _put(" run=", _run, sum)
        sum = _put(" ms=", time.ticks_ms(), sum)
        if phase == "after-collect":
            sum = _put(" pause_us=", value, sum + 962)
        if hasattr(gc, "threshold"):
            sum = _put(" threshold=", gc.threshold(), sum + 1066)
        if _more:
            sum = _more(sum)
        print(" phase=", phase, _due, sep="", end="")
        if mark:
            print(" mark=", mark, " label=", label, sep="", end="")
            sum += 1125
        print(">")
        if hasattr(micropython, "mem_info"):
            micropython.mem_info()
            if map:
                micropython.mem_info(1)
            else:
                micropython.mem_info()
        print("</heapscope ", _n, " sum=", sum + 2560 & 65535, ">", sep="")
    except Exception:
        pass  # the end is missing, so the host counts the frame as lost
    finally:
        _busy &= ~1


def report(map=False, collect=False, label=None):
    try:
        sum = 883
        mark = label
        if label is not None:
            mark = measure(label)
            sum += mark.sum + 554
            label = mark.str
            mark = "point"
        if collect:
            _frame("before-collect", 1414)
            _frame("after-collect", sum + 434, map, mark, label)
        else:
            _frame("on-demand", sum, map, mark, label)
    except Exception:
        pass


# A timer's callback may be an interrupt, where nothing may be allocated and printing does harm.
def _tick(timer):
    global _ticks
    if timer:
        try:
            micropython.schedule(_tick, 0)
        except Exception:
            pass  # others fill the queue: the next one comes
        return
    _ticks += 1
    map = _plan[1] and _ticks % _plan[1] == 0
    if _plan[2] and _ticks % _plan[2] == 0 and not _busy:
        report(map, True)
    else:
        _frame("periodic", 847, map)


def stop():
    task(0)


def task(interval=10, map_every=30, collect_every=6, request=None):
    global _due, _plan, _ticks, _timer
    if _timer:
        _timer.deinit()
        _timer = None
    _due = " interval=%s" % interval if interval else ""
    _plan = sum(bytes(_due, "utf-8")), map_every, collect_every
    _ticks = 0
    return _loop(_due, int(interval * 1000), request)


async def _loop(start, interval, request):
    try:
        import asyncio
    except ImportError:
        import uasyncio as asyncio
    if request:
        asyncio.create_task(_listen(start, request, asyncio))
    while start is _due:
        _tick(0)
        await asyncio.sleep_ms(interval)


async def _listen(start, request, stream):
    from sys import stdin

    stream = stream.StreamReader(getattr(stdin, "buffer", stdin))
    while start is _due:
        if await stream.read(1) == request:
            report(True)


try:
    import machine

    machine.Timer, micropython.schedule

    def start(interval=10, map_every=30, collect_every=6, timer=None):
        global _timer
        task(interval, map_every, collect_every)
        # -1 is a virtual timer; an ESP32 has none, and its last timer is 3 or 1.
        for timer in (-1, 3, 1, 0) if timer is None else (timer,):
            try:
                _timer = machine.Timer(timer)
                _timer.init(period=int(interval * 1000), callback=_tick)
                return _tick(0)
            except Exception:
                _timer = None
        stop()
        raise OSError("heapscope: no free timer here; use task()")

except Exception:

    def start(interval=10, map_every=30, collect_every=6, timer=None):
        try:
            try:
                import asyncio
            except ImportError:
                import uasyncio as asyncio
        except ImportError:
            raise OSError("heapscope: neither machine.Timer nor asyncio here; call report()")
        asyncio.create_task(task(interval, map_every, collect_every))


class measure:
    def __init__(self, label):
        self.str = ""
        self.sum = 0
        try:
            key = bytearray()
            for value in bytes(str(label)[:80], "utf-8"):
                if 32 < value < 127 and value != 37 and value != 60 and value != 62:
                    key.append(value)
                else:
                    key.extend(b"%%%02x" % value)
            self.str = str(key, "utf-8")
            self.sum = sum(key)
        except Exception:
            pass

    # Also __exit__; both return nothing, so that an exception of the block goes on its way.
    def __enter__(self, type=0, value=0, end=0):
        global _busy
        if type == 0:
            _frame("after-collect", self.sum + 1834, 0, "begin", self.str)
            _busy += 2
        else:
            _busy -= 2
            _frame("before-collect", self.sum + 1725, 0, "end", self.str)
            _frame("after-collect", self.sum + 2074, 0, "settled", self.str)

    __exit__ = __enter__
