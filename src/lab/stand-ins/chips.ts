/** What single families of boards bring: ESP8266, ESP32, RP2040 and RP2350, pyboards. */
const esp = `
SLEEP_NONE = 0
SLEEP_LIGHT = 1
SLEEP_MODEM = 2


def osdebug(uart, level=None):
    pass


def sleep_type(x=0):
    return 0


def flash_size():
    return 4194304


def flash_id():
    return 0


def flash_user_start():
    return 2097152


def flash_read(offset, buf):
    pass


flash_write = flash_read


def flash_erase(sector):
    pass


def freemem():
    return 100000


def check_fw():
    return True
`;

const esp32 = `
HEAP_DATA = 4
HEAP_EXEC = 1
WAKEUP_ALL_LOW = False
WAKEUP_ANY_HIGH = True


def idf_heap_info(capabilities):
    return [(180000, 90000, 65536, 80000)]


def mcu_temperature():
    return 42


def raw_temperature():
    return 108


def hall_sensor():
    return 0


def wake_on_ext0(pin=None, level=0):
    pass


wake_on_ext1 = wake_on_ext0


def wake_on_touch(on):
    pass


wake_on_ulp = gpio_deep_sleep_hold = wake_on_touch


class NVS:
    def __init__(self, namespace):
        self._kept = {}

    def set_i32(self, key, value):
        self._kept[key] = value

    set_blob = set_i32

    def get_i32(self, key):
        try:
            return self._kept[key]
        except KeyError:
            raise OSError(-4354)

    def get_blob(self, key, buf):
        value = self.get_i32(key)
        buf[: len(value)] = value
        return len(value)

    def erase_key(self, key):
        del self._kept[key]

    def commit(self):
        pass


class Partition:
    BOOT = 0
    RUNNING = 1
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, id, block_size=4096):
        pass

    @staticmethod
    def find(type=0, subtype=255, label=None, block_size=4096):
        return [Partition(1)]

    @staticmethod
    def mark_app_valid_cancel_rollback():
        pass

    def info(self):
        return 0, 16, 65536, 1048576, "factory", False

    def readblocks(self, n, buf, off=0):
        pass

    writeblocks = readblocks

    def ioctl(self, op, arg):
        return 256 if op == 4 else 4096 if op == 5 else 0

    def set_boot(self):
        pass

    def get_next_update(self):
        return self


class RMT:
    def __init__(self, channel=0, *, pin=None, clock_div=8, idle_level=False, **kw):
        pass

    def write_pulses(self, duration, data=True):
        pass

    def wait_done(self, timeout=0):
        return True

    def loop(self, on):
        pass

    def deinit(self):
        pass
`;

const rp2 = `
class PIO:
    IN_LOW = 0
    IN_HIGH = 1
    OUT_LOW = 2
    OUT_HIGH = 3
    SHIFT_LEFT = 0
    SHIFT_RIGHT = 1
    JOIN_NONE = 0
    JOIN_TX = 1
    JOIN_RX = 2
    IRQ_SM0 = 256
    IRQ_SM1 = 512

    def __init__(self, id):
        pass

    def add_program(self, program):
        pass

    def remove_program(self, program=None):
        pass

    def state_machine(self, id, program=None, **kw):
        return StateMachine(id, program)

    def irq(self, handler=None, trigger=0, hard=False):
        return self


class StateMachine:
    def __init__(self, id, program=None, freq=-1, **kw):
        self._on = 0

    def init(self, program, freq=-1, **kw):
        pass

    def active(self, on=None):
        if on is not None:
            self._on = 1 if on else 0
        return self._on

    def restart(self):
        pass

    def exec(self, instruction):
        pass

    def get(self, buf=None, shift=0):
        return 0 if buf is None else buf

    def put(self, value, shift=0):
        pass

    def rx_fifo(self):
        return 0

    tx_fifo = rx_fifo

    def irq(self, handler=None, trigger=0, hard=False):
        return self


# The program is not assembled: its words are no functions here.
def asm_pio(**kw):
    return lambda program: [None] * 8


class Flash:
    def readblocks(self, n, buf, off=0):
        pass

    writeblocks = readblocks

    def ioctl(self, op, arg):
        return 256 if op == 4 else 4096 if op == 5 else 0


def bootsel_button():
    return 0


def country(code=None):
    return "XX"
`;

const pyb = `
from machine import Pin, RTC, Timer, disable_irq, enable_irq, freq, unique_id
from machine import ADC as _ADC, I2C as _I2C, SPI as _SPI, UART as _UART, reset as hard_reset
from utime import ticks_diff as _diff
import time as _time

delay = _time.sleep_ms
udelay = _time.sleep_us
millis = _time.ticks_ms
micros = _time.ticks_us
wfi = stop = standby = lambda: None


def elapsed_millis(start):
    return _diff(millis(), start)


def elapsed_micros(start):
    return _diff(micros(), start)


def rng():
    return 11400714


def usb_mode(mode=None, **kw):
    return mode


class ADC(_ADC):
    def read(self):
        return 1800

    def read_timed(self, buf, freq):
        return len(buf)


class I2C(_I2C):
    def is_ready(self, addr):
        return True

    def send(self, data, addr=0, timeout=5000):
        pass

    def recv(self, n, addr=0, timeout=5000):
        return bytes(n) if isinstance(n, int) else n

    def mem_read(self, n, addr, memaddr, timeout=5000, addr_size=8):
        return bytes(n) if isinstance(n, int) else n

    def mem_write(self, data, addr, memaddr, timeout=5000, addr_size=8):
        pass


class SPI(_SPI):
    def send(self, data, timeout=5000):
        pass

    def recv(self, n, timeout=5000):
        return bytes(n) if isinstance(n, int) else n

    def send_recv(self, send, recv=None, timeout=5000):
        return bytes(len(send)) if recv is None else recv


class UART(_UART):
    def readchar(self):
        return 0

    def writechar(self, char):
        pass


class LED:
    def __init__(self, id):
        self._v = 0

    def on(self):
        self._v = 255

    def off(self):
        self._v = 0

    def toggle(self):
        self._v ^= 255

    def intensity(self, x=None):
        if x is None:
            return self._v
        self._v = x


class Switch:
    def __init__(self):
        self._v = False

    def value(self):
        self._v = not self._v
        return self._v

    __call__ = value

    def callback(self, f):
        pass


class Servo:
    def __init__(self, id):
        pass

    def angle(self, x=None, ms=0):
        return 0

    speed = pulse_width = angle


class Accel:
    def x(self):
        return 0

    y = z = tilt = x


class USB_VCP:
    def isconnected(self):
        return True

    def any(self):
        return False

    def write(self, data):
        return len(data)

    send = write
`;

/** By path in the folder of the stand-ins. */
export const chipStandIns = {
  "esp.py": esp,
  "esp32.py": esp32,
  "rp2.py": rp2,
  "pyb.py": pyb,
} as const;
