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
export const rareMachineStandIns = { "_machine.py": rareMachine } as const;
