import { expect, test } from "vitest";
import { findAllocations, rewritesTogether } from "../../src/python/allocations.ts";
import { applyEdits } from "../../src/python/edits.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const sitesIn = (text: string) => findAllocations(parseModule("a.py", text));
/** The lines as the body of `while True:` in a function. */
const inLoop = (...lines: readonly string[]) =>
  `def run():\n    while True:\n${lines.map((line) => `        ${line}\n`).join("")}`;
const kindsIn = (...lines: readonly string[]) => sitesIn(inLoop(...lines)).map(({ kind }) => kind);
const rewritten = (text: string) => applyEdits(text, rewritesTogether(sitesIn(text)));
const bodyOf = (...lines: readonly string[]) =>
  rewritten(inLoop(...lines))
    .replace("def run():\n", "")
    .trimEnd()
    .split("\n");

test.each([
  ["read", "x = i2c.readfrom(60, n)"],
  ["read", "x = bus.readfrom_mem(60, 1, 2)"],
  ["read", "show(self.spi.read(4))"],
  ["read", "x = uart.read(64)"],
  ["read", "x = uart.read()"],
  ["read", "x = f.read(512)"],
  ["recv", "x = sock.recv(512)"],
  ["pack", "uart.write(struct.pack('<H', x))"],
  ["pack", "x = ustruct.pack(fmt, 1)"],
  ["slice", "x = struct.unpack('<H', data[2:4])"],
  ["string-building", "text += 'x'"],
  ["string-building", "show('a' + b)"],
  ["f-string", "show(f'{x}')"],
  ["format", "show('{}'.format(x))"],
  ["format", "show('%d' % x)"],
  ["list", "if x in [1, 2]: go()"],
  ["list", "for x in ['a', 'b']: go(x)"],
  ["list", "x = sum([y * 2 for y in z])"],
  ["buffer", "spi.write(bytes([x, 1]))"],
  ["buffer", "uart.write(bytes(8))"],
  ["buffer", "x = bytearray(16); x[0:2] = b'ab'"],
  ["buffer", "x = bytearray(16); uart.write(memoryview(x)[:4])"],
  ["buffer", "x = bytearray(16); send(x)"],
  ["list", "x = [0] * 32; x[1] = 2"],
  ["list", "for x in list(range(10)): go(x)"],
  ["list", "x = sorted(y)[3]"],
  ["list", "x = dict(a=1); go(x['a'])"],
  ["list", "x = {key: n}; send(x)"],
  ["split", "for x in line.split(','): go(x)"],
  ["split", "x, y = line.split(',')"],
  ["text", "x = str(h)"],
  ["text", "print('a', str(h))"],
] as const)("in a loop this allocates (%s): %s", (kind, line) => {
  expect(kindsIn(line)).toEqual([kind]);
});

test.each([
  "i2c.readfrom_into(60, buf)",
  "n = uart.readinto(buf)",
  "spi.write(view[:4])",
  "struct.pack_into('<H', buf, 0, x)",
  "print('a', x)",
  "x = adc.read()",
  "x = sensor.read(3)",
  "x = adc.read_u16()",
  "x = y % 10 + 1",
  "if x in (1, 2): go()",
  "if x in [a, b]: go()",
  "a, b = b, a",
  "for x in range(10): go(x)",
  "log.append(f'{x}')",
  "log.append(uart.read(3))",
  "self.last = i2c.readfrom(60, 2)",
  "raise ValueError(f'{x}')",
  "return f'{x}'",
  "assert x, f'{x}'",
  "show = lambda: f'{x}'",
  "x = [y for y in z]; self.all = x",
  "count += 1",
  "parts[0] += 'x'",
  "text = ''; text += 'x'",
  "log.append('a' + x + 'b')",
  "log.append(str(x))",
  "log.append(sorted(x))",
  "log.append(line.split(','))",
  "self.all = [0] * 32",
  "self.all = dict(a=1)",
  "x = bytearray(16); self.x = x",
  "x = bytearray(16); frames.append(memoryview(x))",
  "x = data[2:8]",
  "x[2:8] = y",
  "x = HTML % y",
  "x = y * 32",
  "x = os.path.split(y)",
  "x = str(y, 'utf-8')",
  "x = list()",
])("this is left alone: %s", (line) => {
  expect(kindsIn(line)).toEqual([]);
});

test("what is done at most once, or only in trouble, is left alone", () => {
  expect(kindsIn("try:", "    go()", "except OSError as e:", "    print(f'{e}')")).toEqual([]);
  expect(kindsIn("if done:", "    print(f'{x}')", "    break")).toEqual([]);
  expect(sitesIn("while True:\n    go()\nelse:\n    print(f'{x}')\n")).toEqual([]);
  expect(sitesIn("for x in [1, 2]:\n    go()\n")).toEqual([]);
  expect(sitesIn("while True:\n    def f():\n        print(f'{x}')\n")).toEqual([]);
});

test("a module that cannot be read has no sites", () => {
  expect(sitesIn("while True:\n    print(f'{x}')\n    x = = 1\n")).toEqual([]);
});

test("a site says where it is", () => {
  const text =
    "class A:\n    def f(self):\n        for x in y:\n            if x:\n                print(f'{x}')\n";
  const [site] = sitesIn(text);
  expect(site).toMatchObject({
    line: 5,
    functionName: "A.f",
    isHot: false,
    statement: { line: 5, indent: " ".repeat(16), isCompound: false },
    loop: { line: 3, kind: "for" },
  });
  expect(text.slice(site!.from, site!.to)).toBe("f'{x}'");
  expect(text.slice(site!.statement.from, site!.statement.to)).toBe("print(f'{x}')");
  expect(text.slice(site!.loop.bodyFrom, site!.loop.bodyTo)).toMatch(/^:\n {12}if x:/);
});

test("a loop in a function that has a while is hot", () => {
  expect(sitesIn(inLoop("for x in y:", "    print(f'{x}')"))[0]).toMatchObject({
    isHot: true,
    loop: { kind: "for" },
  });
});

test("a read of fixed size fills a buffer from before the outermost loop", () => {
  expect(
    bodyOf("for a in b:", "    x = i2c.readfrom_mem(60, a, 6, addrsize=16)", "    show(x[0], len(x))"),
  ).toEqual([
    "    x = bytearray(6)",
    "    while True:",
    "        for a in b:",
    "            i2c.readfrom_mem_into(60, a, x, addrsize=16)",
    "            show(x[0], len(x))",
  ]);
});

test("what is read in the middle of a statement is read before it", () => {
  expect(bodyOf("v = spi.read(2, 0xff)[1] + 1", "w = spi.read(1)[0]")).toEqual([
    "    buf = bytearray(2)",
    "    buf2 = bytearray(1)",
    "    while True:",
    "        spi.readinto(buf, 0xff)",
    "        v = buf[1] + 1",
    "        spi.readinto(buf2)",
    "        w = buf2[0]",
  ]);
});

test.each([
  "x = i2c.readfrom(60, n)",
  "x = i2c.readfrom(60, 2); self.x = x",
  "x = i2c.readfrom(60, 2); show(x)",
  "x = i2c.readfrom(60, 2); go(lambda: x)",
  "x = i2c.readfrom(60, 2); y = x",
  "x = i2c.readfrom(60, 2); y = x[0:1]",
  "x = i2c.readfrom(60, 2); x += b'1'",
  "go(x[0]); x = i2c.readfrom(60, 2)",
  "v = go() + i2c.readfrom(60, 2)[0]",
  "v = a and i2c.readfrom(60, 2)[0]",
  "v = [i2c.readfrom(60, 2)[0] for _ in a]",
  "if i2c.readfrom(60, 2)[0]: go()",
  "queue.send(struct.pack('<H', x))",
  "uart.write(struct.pack(fmt, x))",
  "spi.write(bytes([a, b]))",
  "print(f'{x:3}')",
  "print(f'{x!r}')",
  "print('{:3}'.format(x))",
  "print('%d' % x)",
  "print('%s' % x)",
  "print('a' + x)",
  "print(f'{x}', sep='-')",
  "print(*f'{x}')",
  "a, b = go(), spi.read(2)[0]",
  "x = i2c.readfrom(60, 2); y = max(x, z)",
  "x = bytearray(2); spi.readinto(x); x.append(1)",
  "x = bytearray(2); spi.readinto(x); x[0:1] = b'abc'",
  "x = bytearray([1, 2]); x[0:1] = b'abc'; spi.write(x)",
  "x = i2c.readfrom(60, 2); keep(x)",
  "print('%d%%' % x)",
  "f.write('%s' % (x,))",
  "for x in [1, 2], y: go(x)",
  "log.append(f'{bytes([1])}')",
])("no rewrite where it might do something else: %s", (line) => {
  const text = inLoop(line);
  expect(rewritten(text)).toBe(text);
});

test("what is unpacked at once is not kept", () => {
  expect(bodyOf("a, b = i2c.readfrom(60, 2)")).toEqual([
    "    buf = bytearray(2)",
    "    while True:",
    "        i2c.readfrom_into(60, buf)",
    "        a, b = buf",
  ]);
  const kept = inLoop("a, self.x = b, i2c.readfrom(60, 2)", "a = b, c = i2c.readfrom(60, 2)");
  expect(rewritten(kept)).toBe(kept);
});

test("what is packed fills a buffer", () => {
  expect(bodyOf("uart.write(struct.pack('<BH', a, b))")).toEqual([
    "    buf = bytearray(struct.calcsize('<BH'))",
    "    while True:",
    "        struct.pack_into('<BH', buf, 0, a, b)",
    "        uart.write(buf)",
  ]);
});

test("bytes of a list become a literal, or elements of a buffer", () => {
  expect(bodyOf("spi.write(bytes([0x40, 1]))", "spi.write(bytes([a & 0xff, 7]))")).toEqual([
    "    buf = bytearray(2)",
    "    while True:",
    '        spi.write(b"\\x40\\x01")',
    "        buf[0] = a & 0xff",
    "        buf[1] = 7",
    "        spi.write(buf)",
  ]);
});

test("a buffer that a read fills is made before the loop", () => {
  expect(bodyOf("b = bytearray(4)", "spi.readinto(b)", "show(b[0])")).toEqual([
    "    b = bytearray(4)",
    "    while True:",
    "        spi.readinto(b)",
    "        show(b[0])",
  ]);
});

test("a slice of a buffer becomes a slice of a view", () => {
  const text = "def run():\n    b = bytearray(9)\n    while True:\n        uart.write(b[:n])\n";
  expect(rewritten(text)).toBe(
    "def run():\n    b = bytearray(9)\n    view = memoryview(b)\n    while True:\n        uart.write(view[:n])\n",
  );
  expect(rewritten(text.replace("uart", "b.append(1)\n        uart"))).not.toContain("memoryview");
});

test("a slice that is unpacked is read where it is, if the sizes agree", () => {
  expect(bodyOf("x, y = struct.unpack('>hh', data[2:6])")).toContain(
    "        x, y = struct.unpack_from('>hh', data, 2)",
  );
  expect(bodyOf("x, y = struct.unpack('>hh', data[2:])")).toContain(
    "        x, y = struct.unpack('>hh', data[2:])",
  );
});

test("lists of constants become tuples", () => {
  expect(bodyOf("for x in [1]:", "    go(x)", "if x not in ['a', 'b', ]: go()")).toEqual([
    "    while True:",
    "        for x in (1,):",
    "            go(x)",
    "        if x not in ('a', 'b', ): go()",
  ]);
});

test("what a pattern splits is left alone", () => {
  expect(sitesIn(`pattern = re.compile(',')\n${inLoop("x = pattern.split(line)")}`)).toEqual([]);
});

test("a list of a range that is gone through is left out", () => {
  expect(bodyOf("for x in list(range(3)): go(x)", "for x in list(range(3)), y: go(x)")).toEqual([
    "    while True:",
    "        for x in range(3): go(x)",
    "        for x in list(range(3)), y: go(x)",
  ]);
});

test.each([
  ["print(f'a {x} {{b}} {y + 1}')", "print('a ', x, ' {b} ', y + 1, sep=\"\")"],
  ["print(f'{x}', end='')", "print(x, end='')"],
  ["print('{}: {}'.format(x, y))", "print(x, ': ', y, sep=\"\")"],
  ["print('%s: %s' % (x, y))", "print(x, ': ', y, sep=\"\")"],
  ["print('a' + str(x) + 'b')", "print('a', x, 'b', sep=\"\")"],
  ["print(str(x))", "print(x)"],
])("print gets the parts: %s", (before, after) => {
  expect(bodyOf(before)[1]).toBe(`        ${after}`);
});

test("line ends and tabs stay", () => {
  expect(rewritten("while True:\r\n\tx = spi.read(2)[0]\r\n")).toBe(
    "buf = bytearray(2)\r\nwhile True:\r\n\tspi.readinto(buf)\r\n\tx = buf[0]\r\n",
  );
  expect(rewritten("while True: x = spi.read(2)[0]")).toBe(
    "buf = bytearray(2)\nwhile True: spi.readinto(buf); x = buf[0]",
  );
});

test("titles and changes name what is there", () => {
  const [site] = sitesIn(inLoop("data = i2c.readfrom_mem(ADDR, 0x3B, 6)"));
  expect(site?.title).toBe("i2c.readfrom_mem(ADDR, 0x3B, 6) makes a new bytes object in each pass.");
  expect(site?.change).toBe(
    "Make data = bytearray(6) once before the loop, and write i2c.readfrom_mem_into(ADDR, 0x3B, data) in it.",
  );
});
