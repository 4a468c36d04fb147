import { busClasses } from "./machine-buses.ts";

/**
 * `machine`: pins, converters, buses and timers without anything behind them. A method of a real board that allocates
 * nothing takes no `*args`, keeps numbers small and sets only names that are there; one that returns bytes makes them
 * anew, as the C code does. Inputs alternate between 0 and 1, so that waiting for a level ends.
 */
const machine = `
def _nothing(self, a=None, b=None, c=None):
    pass


class Pin:
    IN = 0
    OUT = 1
    OPEN_DRAIN = 2
    ALT = 3
    ALT_OPEN_DRAIN = 4
    ANALOG = 5
    PULL_UP = 1
    PULL_DOWN = 2
    PULL_HOLD = 4
    IRQ_FALLING = 4
    IRQ_RISING = 8
    IRQ_LOW_LEVEL = 1
    IRQ_HIGH_LEVEL = 2
    DRIVE_0 = 0
    DRIVE_1 = 1
    DRIVE_2 = 2
    DRIVE_3 = 3
    WAKE_LOW = 0
    WAKE_HIGH = 1

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=0, alt=-1, hold=None, af=-1):
        self._id = id
        self._mode = mode
        self._v = 0
        if value is not None:
            self.value(value)

    def init(self, mode=-1, pull=-1, *, value=None, drive=0, alt=-1, hold=None, af=-1):
        self._mode = mode
        if value is not None:
            self.value(value)

    def value(self, x=None):
        if x is not None:
            self._v = 1 if x else 0
            return
        if self._mode == 0:
            self._v ^= 1
        return self._v

    __call__ = value

    def on(self):
        self._v = 1

    def off(self):
        self._v = 0

    high = on
    low = off

    def toggle(self):
        self._v ^= 1

    def irq(self, handler=None, trigger=12, priority=1, wake=None, hard=False):
        return self

    def mode(self, x=None):
        if x is not None:
            self._mode = x
        return self._mode

    pull = drive = flags = trigger = _nothing

    def id(self):
        return self._id

    name = id


class _Named:
    def __getattr__(self, name):
        return Pin(name)


Pin.board = Pin.cpu = _Named()


class ADC:
    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3
    WIDTH_9BIT = 9
    WIDTH_10BIT = 10
    WIDTH_11BIT = 11
    WIDTH_12BIT = 12
    CORE_TEMP = 4
    VREF = 1
    CORE_VREF = 2
    CORE_VBAT = 3

    def __init__(self, pin, *, sample_ns=0, atten=0, bits=12):
        pass

    init = __init__

    def read(self):
        return 1800

    def read_u16(self):
        return 28800

    def read_uv(self):
        return 1450000

    atten = width = deinit = _nothing


class PWM:
    def __init__(self, dest, freq=1000, duty_u16=0, duty_ns=0, *, duty=0, invert=False):
        self.init(freq, duty_u16)

    def init(self, freq=1000, duty_u16=0, duty_ns=0, *, duty=0, invert=False):
        self._f = freq
        self._d = duty_u16

    def freq(self, x=None):
        if x is None:
            return self._f
        self._f = x

    def duty_u16(self, x=None):
        if x is None:
            return self._d
        self._d = x

    def duty(self, x=None):
        if x is None:
            return self._d >> 6
        self._d = x << 6

    deinit = _nothing

    def duty_ns(self, x=None):
        return 0 if x is None else None


${busClasses}


class Timer:
    ONE_SHOT = 0
    PERIODIC = 1

    def __init__(self, id=-1, *args, **kw):
        pass

    def init(self, *args, mode=1, freq=-1, period=-1, callback=None, tick_hz=1000, hard=False):
        pass

    deinit = _nothing

    def value(self):
        return 0


class RTC:
    ALARM0 = 0

    def __init__(self, id=0, datetime=None):
        self._t = (2026, 5, 1, 4, 12, 0, 0, 0)
        self._m = b""

    def datetime(self, t=None):
        if t is not None:
            self._t = t
            return
        y, m, d, w, h, i, s, u = self._t
        return y, m, d, w, h, i, s, u

    init = datetime

    def now(self):
        return self.datetime()

    def memory(self, x=None):
        if x is None:
            return self._m
        self._m = bytes(x)

    alarm = _nothing

    def irq(self, *, trigger=0, handler=None, wake=0):
        pass


class WDT:
    def __init__(self, id=0, timeout=5000):
        pass

    feed = _nothing


PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5
WLAN_WAKE = 1
PIN_WAKE = 2
RTC_WAKE = 3
IDLE = 0
SLEEP = 1
DEEPSLEEP = 2


def unique_id():
    return bytes((0xE6, 0x60, 0x58, 0x38, 0x83, 0x3A, 0x41, 0x2B))


def freq(hz=None, peripheral=None):
    return 125000000 if hz is None else None


def reset(ms=0):
    raise SystemExit


soft_reset = deepsleep = bootloader = reset


def reset_cause():
    return 1


def wake_reason():
    return 0


def idle():
    lightsleep(1)


def lightsleep(ms=1):
    import time

    time.sleep_ms(ms)


sleep = lightsleep


def disable_irq():
    return 0


def enable_irq(state=True):
    pass


def bitstream(pin, encoding, timing, data):
    pass


def dht_readinto(pin, buf):
    buf[0] = 2
    buf[1] = 28
    buf[2] = 0
    buf[3] = 215
    buf[4] = 245


def time_pulse_us(pin, level, timeout_us=1000000):
    return 580


def rng():
    return 11400714


# What few programs use is read when it is asked for.
def __getattr__(name):
    import _machine

    return getattr(_machine, name)
`;

/** By path in the folder of the stand-ins. */
export const machineStandIns = {
  "machine.py": machine,
  "umachine.py": "from machine import *\n",
} as const;
