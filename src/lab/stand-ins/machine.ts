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


class I2C:
    CONTROLLER = MASTER = 0
    PERIPHERAL = SLAVE = 1

    def __init__(self, id=-1, *args, scl=None, sda=None, freq=400000, timeout=50000, mode=0, baudrate=0):
        pass

    init = __init__
    deinit = start = stop = _nothing

    def scan(self):
        return [0x23, 0x38, 0x3C, 0x40, 0x44, 0x48, 0x68, 0x76, 0x77]

    def readfrom(self, addr, nbytes, stop=True):
        return bytes(nbytes)

    def readfrom_into(self, addr, buf, stop=True):
        pass

    readinto = readfrom_into

    def write(self, buf):
        return len(buf)

    def writeto(self, addr, buf, stop=True):
        return len(buf)

    def writevto(self, addr, vector, stop=True):
        n = 0
        for buf in vector:
            n += len(buf)
        return n

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        return bytes(nbytes)

    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        pass

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        pass


class SoftI2C(I2C):
    def __init__(self, scl, sda, *, freq=400000, timeout=50000):
        pass


class SPI:
    CONTROLLER = MASTER = 0
    MSB = 0
    LSB = 1

    def __init__(self, id=-1, *args, baudrate=1000000, polarity=0, phase=0, bits=8, firstbit=0, sck=None, mosi=None, miso=None):
        pass

    init = __init__
    deinit = readinto = write = write_readinto = _nothing

    def read(self, nbytes, write=0):
        return bytes(nbytes)


class SoftSPI(SPI):
    pass


class UART:
    INV_TX = 1
    INV_RX = 2
    RTS = 2
    CTS = 1
    IRQ_RX = 1
    IRQ_RXIDLE = 2
    IRQ_TXIDLE = 4
    IRQ_BREAK = 8

    def __init__(self, id, baudrate=9600, *args, **kw):
        self._n = 16

    init = __init__
    deinit = flush = sendbreak = _nothing

    # 16 bytes wait, then none, then 16 again
    def any(self):
        n = self._n
        if not n:
            self._n = 16
        return n

    def _take(self, most):
        n = self._n
        self._n = 0 if n else 16
        return n if most is None or most < 0 or most > n else most

    def read(self, nbytes=None):
        n = self._take(nbytes)
        return bytes(n) if n else None

    def readline(self):
        return b"".join((bytes(self._n - 1), b"\\n")) if self._take(None) else None

    def readinto(self, buf, nbytes=None):
        n = self._take(len(buf) if nbytes is None else nbytes)
        return n if n else None

    def write(self, buf):
        return len(buf)

    def txdone(self):
        return True

    def irq(self, handler=None, trigger=1, hard=False):
        return self


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

/** What `machine` has for few programs. */
const rareMachine = `
from machine import Pin


class Signal:
    def __init__(self, pin, *args, invert=False, **kw):
        self._pin = pin if isinstance(pin, Pin) else Pin(pin, *args, **kw)
        self._i = 1 if invert else 0

    def value(self, x=None):
        if x is None:
            return self._pin.value() ^ self._i
        self._pin.value((1 if x else 0) ^ self._i)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)


class DAC:
    def __init__(self, pin, *, bits=8):
        pass

    def write(self, x):
        pass


class TouchPad:
    def __init__(self, pin):
        pass

    def read(self):
        return 500

    def config(self, x=0):
        pass


class I2S:
    RX = 0
    TX = 1
    MONO = 0
    STEREO = 1

    def __init__(self, id, **kw):
        pass

    def readinto(self, buf):
        return len(buf)

    write = readinto

    def irq(self, handler):
        pass

    shift = staticmethod(lambda buf=None, bits=16, shift=0: None)

    def deinit(self):
        pass


class SDCard:
    def __init__(self, *args, **kw):
        pass

    def readblocks(self, n, buf, off=0):
        pass

    writeblocks = readblocks

    def ioctl(self, op, arg):
        return 2048 if op == 4 else 512 if op == 5 else 0

    def info(self):
        return 1048576, 512

    def deinit(self):
        pass


class _Memory:
    def __getitem__(self, address):
        return 0

    def __setitem__(self, address, value):
        pass


mem8 = mem16 = mem32 = _Memory()
`;

/** By path in the folder of the stand-ins. */
export const machineStandIns = {
  "machine.py": machine,
  "_machine.py": rareMachine,
  "umachine.py": "from machine import *\n",
} as const;
