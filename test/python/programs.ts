import fc from "fast-check";

/** Stand-ins for buses, as a module: what is read is counted up, what is written is printed. */
export const standIns = `
class Bus:
    def __init__(self):
        self.n = 0
    def fill(self, buf):
        for i in range(len(buf)):
            self.n = (self.n + 37) & 0xff
            buf[i] = self.n
    def take(self, size):
        buf = bytearray(size)
        self.fill(buf)
        return bytes(buf)
    def readfrom(self, addr, size):
        return self.take(size)
    def readfrom_into(self, addr, buf):
        self.fill(buf)
    def readfrom_mem(self, addr, reg, size, *, addrsize=8):
        return self.take(size)
    def readfrom_mem_into(self, addr, reg, buf, *, addrsize=8):
        self.fill(buf)
    def read(self, size, value=0):
        return self.take(size)
    def readinto(self, buf, value=0):
        self.fill(buf)
    def write(self, data):
        print("write", " ".join("%02x" % x for x in data))
    def writeto(self, addr, data):
        print("writeto", addr, " ".join("%02x" % x for x in data))
class I2C(Bus): pass
class SPI(Bus): pass
`;

const head = `"""A program."""
import struct
from standins import I2C, SPI
from micropython import const
i2c = I2C()
spi = SPI()
N = const(3)
`;

/** Statements for a loop's body. `#` is a number, so that names differ. */
const simple = fc.constantFrom(
  "x# = i2c.readfrom(60, 4)\nprint(x#[0], sum(x#))",
  "x# = i2c.readfrom_mem(60, 1, N)\nspi.write(x#)",
  "x# = i2c.readfrom_mem(60, 1, N, addrsize=16)\nkept.append(x#)",
  "v# = spi.read(2, 0xff)[1] + 1\nprint(v#)",
  "a#, b# = struct.unpack('<HH', i2c.readfrom(60, 4))\nprint(a#, b#)",
  "x# = spi.read(4)\nprint(struct.unpack('<H', x#[2:4]), x#[1:] == b'abc')",
  "x# = spi.read(6)\nfor y# in x#:\n    print(y#, end=',')",
  "i2c.writeto(60, struct.pack('<BH', n, 7))",
  "x# = struct.pack('>I', n)\nspi.write(x#)\nspi.write(x#[1:])",
  "x# = struct.pack('>I', n)\nkept.append(x#)",
  "print(f'n={n} {{}} {n + 1}')",
  "print(f'{n:3}')",
  "print('{} of {}'.format(n, 3), end=';')",
  "print('%s-%s' % (n, 'a'))",
  "print('%d' % n)",
  "print('n=' + str(n) + '.')",
  "text += 'x' + str(n)",
  "if n in [1, 2]: print('in')",
  "for y# in ['a', 'b']:\n    print(y#, n)",
  "spi.write(bytes([1, 0x40]))",
  "spi.write(bytes([n & 0xff, 9]))",
  "spi.write(bytearray([n, 9]))",
  "x# = bytearray(4)\nspi.readinto(x#)\nspi.write(x#)",
  "x# = bytearray(4)\nx#[1] = n\nspi.write(x#)",
  "spi.write(data[1:n + 2])",
  "l# = [y * n for y in (1, 2)]\nprint(l#[1])",
  "print(sum([y * n for y in (1, 2)]))",
  "x# = i2c.readfrom(60, 2); print(x#[1])",
  "if n == 2: x# = spi.read(1); print(x#[0])",
  "'''a\nb'''",
  "x# = bytearray(4)\nx#[1:3] = b'ab'\nspi.write(x#)",
  "x# = bytearray(2)\nspi.readinto(x#)\nx#[0:1] = b'abc'\nspi.write(x#)",
  "x# = bytearray([n, 2])\nx#[0:1] = b'abc'\nspi.write(x#)",
  "x# = bytearray(4)\nspi.readinto(x#)\nspi.write(memoryview(x#)[1:3])",
  "x# = bytearray(4)\nspi.readinto(x#)\nkept.append(x#)",
  "spi.write(bytes(3))",
  "x# = [0] * 4\nx#[1] = n\nprint(x#)",
  "for y# in sorted(list(range(n))): print(y#)",
  "x# = str(n)\nprint('a', x#, str(n), 'a,b'.split(',')[1])",
  "print(str(n))",
  "a#, b# = i2c.readfrom(60, 2)\nprint(a#, b#)",
  "x# = spi.read(2)\na#, b# = x#\nprint(a#, b#)",
  "for y# in list(range(n)): print(y#)",
  "print(dict(a=n)['a'], data[1:3])",
  "pass",
);

const indented = (text: string): string => text.replace(/^(?=.)/gm, "    ");
const block: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: simple },
  simple.map((of) => `if n > 1:\n${indented(of)}\nelse:\n    print('less')`),
  simple.map((of) => `for k# in range(2):\n${indented(of)}`),
  simple.map((of) => `try:\n${indented(of)}\nfinally:\n    print('end')`),
  simple.map((of) => `with_ = 1\nif with_:\n${indented(indented(of))}`),
);

/** A module with `run()`, whose loop ends after three passes. Some lines end in CR LF. */
export const program: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(block, { minLength: 1, maxLength: 6 }),
    fc.constantFrom("while n < 3:\n    n += 1", "for n in range(1, 4):"),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([blocks, loop, end, hasEnd]) => {
    const body = blocks.map((of, index) => of.replaceAll("#", String(index)));
    const lines = ["n = 0", "text = ''", "kept = []", "data = bytearray(b'abcdefgh')", loop];
    const run = `def run():\n${indented([...lines, ...body.map(indented), "print(text, kept)"].join("\n"))}`;
    return `${head}${run}${hasEnd ? "\n" : ""}`.replaceAll("\n", end);
  });
