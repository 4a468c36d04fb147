/** Drivers that most firmwares bring along. Their figures are plausible and do not change. */
const dht = `
class DHTBase:
    def __init__(self, pin):
        self.pin = pin
        self.buf = bytearray(5)

    def measure(self):
        b = self.buf
        b[0], b[1], b[2], b[3] = self._sample


class DHT11(DHTBase):
    _sample = (54, 0, 21, 0)

    def humidity(self):
        return self.buf[0]

    def temperature(self):
        return self.buf[2]


class DHT22(DHTBase):
    _sample = (2, 28, 0, 215)

    def humidity(self):
        return (self.buf[0] << 8 | self.buf[1]) * 0.1

    def temperature(self):
        return (self.buf[2] << 8 | self.buf[3]) * 0.1
`;

const neopixel = `
class NeoPixel:
    ORDER = (1, 0, 2, 3)

    def __init__(self, pin, n, bpp=3, timing=1):
        self.pin = pin
        self.n = n
        self.bpp = bpp
        self.buf = bytearray(n * bpp)

    def __len__(self):
        return self.n

    def __setitem__(self, i, color):
        at = i * self.bpp
        for part in range(self.bpp):
            self.buf[at + self.ORDER[part]] = color[part]

    def __getitem__(self, i):
        at = i * self.bpp
        return tuple([self.buf[at + self.ORDER[part]] for part in range(self.bpp)])

    def fill(self, color):
        for i in range(self.n):
            self[i] = color

    def write(self):
        pass
`;

const onewire = `
class OneWireError(Exception):
    pass


class OneWire:
    SEARCH_ROM = 0xF0
    MATCH_ROM = 0x55
    SKIP_ROM = 0xCC

    def __init__(self, pin):
        self.pin = pin

    def reset(self, required=False):
        return True

    def readbit(self):
        return 1

    def readbyte(self):
        return 0

    def readinto(self, buf):
        pass

    def writebit(self, value):
        pass

    writebyte = write = select_rom = writebit

    def scan(self):
        return [bytearray(b"\\x28\\xff\\x64\\x1e\\x0f\\x3c\\x02\\x5d")]

    def crc8(self, data):
        return 0
`;

const ds18x20 = `
class DS18X20:
    def __init__(self, onewire):
        self.ow = onewire
        self.buf = bytearray(9)

    def scan(self):
        return [rom for rom in self.ow.scan() if rom[0] in (0x10, 0x22, 0x28)]

    def convert_temp(self):
        pass

    def read_scratch(self, rom):
        return self.buf

    def write_scratch(self, rom, buf):
        pass

    def read_temp(self, rom):
        self.buf[0] = 88
        self.buf[1] = 1
        return (self.buf[1] << 8 | self.buf[0]) / 16
`;

/** By path in the folder of the stand-ins. */
export const sensorStandIns = {
  "dht.py": dht,
  "neopixel.py": neopixel,
  "onewire.py": onewire,
  "ds18x20.py": ds18x20,
} as const;
