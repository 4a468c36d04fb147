/**
 * `time` with a clock of its own that only moves when it is asked or slept on: a sleep returns at once, and waiting in
 * a loop for a later time ends. As on a board nothing here allocates but `time()`, `time_ns()` and the calendar.
 */
const time = `
from utime import *
from utime import localtime as _localtime, gmtime as _gmtime
from ustruct import pack_into as _pack_into

_start = 1777636800  # 2026-05-01
_s = 0  # seconds since then
_part = 0  # and milliseconds
_fine = 0  # and microseconds
_ms = 0  # ticks_ms
_us = 0  # ticks_us without _fine
_float = bytearray(4)


def sleep_ms(ms):
    global _s, _part, _ms, _us
    if ms <= 0:
        return
    if ms > 500000000:
        ms = 500000000
    _ms = ticks_add(_ms, ms)
    _us = ticks_add(_us, (ms & 524287) * 1000)
    _part += ms
    if _part > 999:
        _s += _part // 1000
        _part %= 1000


def sleep_us(us):
    global _fine
    if us <= 0:
        return
    _fine += us
    if _fine > 999:
        sleep_ms(_fine // 1000)
        _fine %= 1000


def sleep(s):
    if s > 16000:
        sleep_ms(500000 * 1000 if s > 500000 else int(s) * 1000)
    elif isinstance(s, int):
        sleep_ms(s * 1000)
    elif s > 0.00005:
        # By the bits of the number: calculating with it would allocate.
        f = _float
        _pack_into("<f", f, 0, s)
        ms = ((f[2] | 128) << 12 | f[1] << 4 | f[0] >> 4) * 1000
        ms >>= 145 - (f[3] << 1 | f[2] >> 7)
        sleep_ms(ms + 1 >> 1)


def ticks_ms():
    sleep_ms(1)
    return _ms


def ticks_us():
    sleep_us(50)
    return ticks_add(_us, _fine)


ticks_cpu = ticks_us


def time():
    sleep_ms(1)
    return _start + _s


def time_ns():
    sleep_us(50)
    return ((_start + _s) * 1000000 + _part * 1000 + _fine) * 1000


def localtime(s=None):
    return _localtime(time() if s is None else s)


def gmtime(s=None):
    return _gmtime(time() if s is None else s)
`;

/** `ntptime` finds the clock right already. */
const ntptime = `
host = "pool.ntp.org"
timeout = 1


def time():
    import time

    return time.time()


def settime():
    pass
`;

/** By path in the folder of the stand-ins. */
export const clockStandIns = { "time.py": time, "ntptime.py": ntptime } as const;
