/** The buses of `machine`: its text has them after `_nothing`. Ends without a newline. */
export const busClasses = `class I2C:
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
        return self`;
