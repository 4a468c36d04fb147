# The small form of heapscope.py: report(), and start() and stop() where there is a machine.Timer. The same frames.
# A report leaves some bytes of garbage, and heap where memory is short. For MicroPython 1.9 (micro:bit) and later.
import gc, micropython

try:
    import utime as time
except ImportError:
    import time

_run = time.ticks_us() & 65535
_n = 0  # frames so far
_end = ""  # " interval=10" while reports come by themselves


def report(map=False, collect=False, label=None, end="on-demand"):
    global _n
    try:
        if collect:
            report(False, False, None, "before-collect")
            end = time.ticks_us()
            gc.collect()
            end = "after-collect pause_us=%d" % time.ticks_diff(time.ticks_us(), end)
        if label:
            for c in "% <>\r\n":
                label = label.replace(c, "%%%02x" % ord(c))
            end += " mark=point label=" + label
        _n += 1
        end = "<heapscope 1 %d run=%d ms=%d phase=%s%s>" % (_n, _run, time.ticks_ms(), end, _end)
        print("\n" + end)
        end = sum(bytes(end, "utf-8"))
        micropython.mem_info()
        if map:
            micropython.mem_info(1)
        else:
            micropython.mem_info()
        print("</heapscope %d sum=%d>" % (_n, end & 65535))
    except Exception:
        pass  # the end is missing, so the host counts the frame as lost


try:
    import machine

    machine.Timer, micropython.schedule
    _ticks = 0
    _timer = None
    _plan = 0, 0

    # The timer's callback may be an interrupt, where nothing may be allocated and printing does harm.
    def _tick(timer):
        global _ticks
        try:
            if timer:
                micropython.schedule(_tick, 0)
            else:
                _ticks += 1
                report(_plan[0] and _ticks % _plan[0] == 0, _plan[1] and _ticks % _plan[1] == 0, None, "periodic")
        except Exception:
            pass  # others fill the queue: the next one comes

    def start(interval=10, map_every=30, collect_every=6, timer=-1):
        global _timer, _plan, _end, _ticks
        stop()
        _ticks = 0
        _plan = map_every, collect_every
        _end = " interval=%d" % interval
        _timer = machine.Timer(timer)
        _timer.init(period=interval * 1000, callback=_tick)
        _tick(0)

    def stop():
        global _timer, _end
        _end = ""
        if _timer:
            _timer.deinit()
            _timer = None

except Exception:
    pass
