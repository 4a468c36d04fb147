import { describe, expect, test } from "vitest";
import { standInNames } from "../../src/lab/stand-ins/index.ts";
import type { Python } from "../firmware-helpers/python.ts";
import { releases } from "../firmware-helpers/python.ts";
import { pythonWithStandIns } from "./stand-in-python.ts";

const blockBytes = 16;

/**
 * Bytes that one evaluation of `expression` takes of the heap. Exact: this port never collects while Python runs. The
 * first evaluation is not counted, for it may make room that later ones use again.
 */
function bytesOf(interpreter: Python, setup: string, expression: string): number {
  const printed = interpreter.run(`
import gc
${setup}
def once():
    ${expression}
def measured():
    once()
    before = gc.mem_alloc()
    once()
    once()
    print(gc.mem_alloc() - before)
measured()
`);
  return Number(printed) / 2;
}

/** What a bytes object takes: its own block, and its content with a closing zero. */
const bytesObject = (length: number): number =>
  blockBytes + Math.ceil((length + 1) / blockBytes) * blockBytes;

test.each(standInNames)("%s can be imported on a heap of 64 KB", async (name) => {
  const interpreter = await pythonWithStandIns(releases[4]);
  expect(interpreter.run(`import ${name}\nprint(${name}.__name__)`)).toBe(`${name}\n`);
  expect(Number(interpreter.value("__import__('gc').mem_alloc()"))).toBeLessThan(32_000);
});

test.each(releases)("all can be imported on %s", async (release) => {
  const interpreter = await pythonWithStandIns(release);
  for (const name of standInNames)
    expect(interpreter.run(`import ${name}\nprint(${name}.__name__)`)).toBe(`${name}\n`);
});

describe.each([releases[0], releases[4]])("%s", (release) => {
  const nothing: readonly (readonly [expression: string, setup: string])[] = [
    ["pin.value()", "import machine\npin = machine.Pin(2, machine.Pin.IN, machine.Pin.PULL_UP)"],
    ["pin.value(1); pin(0); pin.on(); pin.off(); pin.toggle()", "import machine\npin = machine.Pin('D2', 1)"],
    ["adc.read_u16(); adc.read(); adc.read_uv()", "import machine\nadc = machine.ADC(machine.Pin(26))"],
    [
      "pwm.duty_u16(3000); pwm.duty(200); pwm.freq(50)",
      "import machine\npwm = machine.PWM(2, freq=50, duty_u16=0)",
    ],
    [
      "i2c.readfrom_into(0x44, buf); i2c.readfrom_mem_into(0x44, 1, buf, addrsize=8); i2c.writeto(0x44, buf)",
      "import machine\ni2c = machine.I2C(0, scl=machine.Pin(1), sda=machine.Pin(0), freq=400_000)\nbuf = bytearray(6)",
    ],
    [
      "spi.readinto(buf); spi.write(buf); spi.write_readinto(buf, buf)",
      "import machine\nspi = machine.SPI(1, 1_000_000, sck=machine.Pin(1), mosi=machine.Pin(0))\nbuf = bytearray(6)",
    ],
    [
      "uart.write(buf); uart.readinto(buf); uart.any()",
      "import machine\nuart = machine.UART(1, 9600, tx=4, rx=5)\nbuf = bytearray(6)",
    ],
    ["wdt.feed()", "import machine\nwdt = machine.WDT(timeout=5000)"],
    [
      "s.send(buf); s.recv_into(buf); s.readinto(buf); s.write(buf)",
      "import socket\ns = socket.socket()\ns.connect(('host', 80))\nbuf = bytearray(100)",
    ],
    ["time.sleep(0.25); time.sleep(2); time.sleep_ms(5); time.sleep_us(7)", "import time\nhalf = 0.25"],
    ["time.ticks_diff(time.ticks_ms(), time.ticks_us())", "import time"],
    ["sensor.measure(); sensor.humidity()", "import dht\nsensor = dht.DHT11(4)"],
    ["np[1] = red; np.write()", "import neopixel\nnp = neopixel.NeoPixel(4, 8)\nred = (9, 0, 0)"],
    [
      "wlan.isconnected(); wlan.status()",
      "import network\nwlan = network.WLAN(network.STA_IF)\nwlan.active(True)\nwlan.connect('a', 'b')",
    ],
    ["lock.acquire(); lock.release()", "import _thread\nlock = _thread.allocate_lock()"],
  ];
  test.each(nothing)("%s takes no heap", async (expression, setup) => {
    expect(bytesOf(await pythonWithStandIns(release), setup, expression)).toBe(0);
  });

  const i2c = "import machine\ni2c = machine.SoftI2C(scl=machine.Pin(1), sda=machine.Pin(0))";
  const takes: readonly (readonly [expression: string, setup: string, bytes: number])[] = [
    ["i2c.readfrom(0x44, 6)", i2c, bytesObject(6)],
    ["i2c.readfrom_mem(0x44, 0xFA, 16)", i2c, bytesObject(16)],
    ["spi.read(40)", "import machine\nspi = machine.SPI(1)", bytesObject(40)],
    ["socket.socket.recv(s, 100)", "import socket\ns = socket.socket()", bytesObject(100)],
    ["machine.unique_id()", "import machine", bytesObject(8)],
  ];
  test.each(takes)("%s takes what a bytes object takes", async (expression, setup, bytes) => {
    expect(bytesOf(await pythonWithStandIns(release), setup, expression)).toBe(bytes);
  });

  test("time moves by what was slept, and by itself when it is asked", async () => {
    const { run } = await pythonWithStandIns(release);
    run("import time\nasked = time.ticks_ms(), time.ticks_us(), time.time(), time.time_ns()");
    run("time.sleep(0.1)\ntime.sleep(86400 * 3)\ntime.sleep_ms(20)\ntime.sleep_us(1500)\ntime.sleep_ms(-5)");
    expect(run("print(time.ticks_diff(time.ticks_ms(), asked[0]) - 86400 * 3000)")).toMatch(/^12[1-9]\n$/);
    expect(run("print(time.time() - asked[2] - 86400 * 3, time.localtime()[:3])")).toBe("0 (2026, 5, 4)\n");
    run("end = time.ticks_add(time.ticks_ms(), 5000)\nwhile time.ticks_diff(end, time.ticks_ms()) > 0: pass");
    run("start = time.ticks_us()\nwhile time.ticks_diff(time.ticks_us(), start) < 90_000: pass");
  });

  test.each([0.001, 0.0125, 0.1, 0.3, 1.5, 59.9, 3599.5])("a sleep of %d s is as long", async (seconds) => {
    const { run } = await pythonWithStandIns(release);
    const slept = run(
      `import time\nt = time.ticks_ms()\ntime.sleep(${seconds})\nprint(time.ticks_diff(time.ticks_ms(), t))`,
    );
    expect(Math.abs(Number(slept) - 1 - seconds * 1000)).toBeLessThanOrEqual(1 + seconds / 100);
  });

  test("waiting for an input, a byte or a client ends", async () => {
    const { run } = await pythonWithStandIns(release);
    run("import machine, socket\nbutton = machine.Pin(0, machine.Pin.IN)");
    run("while button.value(): pass\nwhile not button.value(): pass");
    run("uart = machine.UART(1)\nwhile uart.any(): uart.read()\nwhile not uart.any(): pass");
    run("s = socket.socket()\ns.connect(('a', 1))\nwhile s.recv(64): pass");
  });

  test("a server gets three requests, however they are read, and then a timeout that says whose it is", async () => {
    const { run } = await pythonWithStandIns(release);
    run("import socket\nserver = socket.socket()\nserver.listen()\nbuf = bytearray(64)");
    expect(
      run("client, address = server.accept()\nprint(client.recv(1024), client.recv(9), address[1])"),
    ).toBe("b'GET / HTTP/1.1\\r\\nHost: board\\r\\n\\r\\n' b'' 50000\n");
    expect(run("f = server.accept()[0].makefile('rb')\nfor _ in range(4): print(f.readline())")).toBe(
      "b'GET / HTTP/1.1\\r\\n'\nb'Host: board\\r\\n'\nb'\\r\\n'\nb''\n",
    );
    expect(run("n = server.accept()[0].recv_into(buf)\nprint(bytes(buf[:14]), n)")).toBe(
      "b'GET / HTTP/1.1' 31\n",
    );
    expect(run("try: server.accept()\nexcept OSError as e: print(e.errno, e)")).toBe(
      "110 [Errno 110] ETIMEDOUT: nothing more comes to this stand-in for a socket\n",
    );
  });

  test("a bound datagram socket gets three datagrams, on port 53 a query", async () => {
    const { run } = await pythonWithStandIns(release);
    run(
      "import socket\ndef bound(port):\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n    s.bind(('', port))\n    return s",
    );
    run("s = bound(5005)");
    expect(run("for _ in range(3): print(s.recvfrom(64))")).toBe(
      "(b'status', ('192.168.4.2', 50000))\n".repeat(3),
    );
    expect(run("try: s.recvfrom(64)\nexcept OSError as e: print(e.errno)")).toBe("110\n");
    expect(run("q, peer = bound(53).recvfrom(512)\nprint(len(q), q[12:25])")).toBe(
      "29 b'\\x07example\\x03com\\x00'\n",
    );
  });

  test("reading a request takes what it takes on a board", async () => {
    const setup = "import socket\nserver = socket.socket()\nclient = server.accept()[0]";
    const started = await pythonWithStandIns(release);
    expect(bytesOf(started, setup, "client.readline()")).toBeGreaterThanOrEqual(blockBytes);
    expect(bytesOf(started, `${setup}\nbuf = bytearray(8)`, "client.recv_into(buf)")).toBe(0);
  });

  test("what few programs use of machine is there as well", async () => {
    const { run } = await pythonWithStandIns(release);
    run(
      "from machine import Signal, I2S, SDCard, mem32\nimport machine\nlamp = Signal(machine.Pin(1, 1), invert=True)",
    );
    expect(run("lamp.on()\nprint(lamp.value(), machine.mem32[0x4000], machine.TouchPad(1).read())")).toBe(
      "1 0 500\n",
    );
    expect(run("try: machine.reset()\nexcept SystemExit: print('reset')")).toBe("reset\n");
    expect(run("try: machine.nonsense\nexcept AttributeError: print('none')")).toBe("none\n");
  });

  test("micropython has what the port leaves out, and all it has itself", async () => {
    const { run } = await pythonWithStandIns(release);
    run(
      "import micropython\nfrom micropython import const, schedule\nmicropython.alloc_emergency_exception_buf(100)",
    );
    expect(run("X = const(5)\nmicropython.mem_info()\nprint(X)")).toMatch(/^stack[\s\S]*5\n$/);
  });

  test("a PIO program is accepted without being assembled", async () => {
    const { run } = await pythonWithStandIns(release);
    run(`import rp2
@rp2.asm_pio(set_init=rp2.PIO.OUT_LOW)
def blink():
    wrap_target()
    set(pins, 1) [31]
    wrap()
sm = rp2.StateMachine(0, blink, freq=2000, set_base=25)
sm.active(1)
sm.put(1)`);
  });
});
