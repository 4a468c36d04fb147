import { expect, test } from "vitest";
import { directCall } from "../../../src/advice/files/direct-call.ts";
import { applicationFrom, moduleIn } from "./support.ts";

const text = `
def plain(): pass
def read(i2c, buf, n=3, *rest, **more): pass
async def serve(topic): pass
def only(*, key): pass
class Lamp:
    def __init__(self, pin, level=1): pass
    def on(self): pass
    async def fade(self, steps): pass
    @property
    def level(self): pass
class Odd:
    def __init__(self, *, key): pass
    def on(self): pass
class Bare:
    def on(self): pass
def outer():
    def inner(): pass
@decorated
def wrapped(): pass
`;
const module = moduleIn(applicationFrom({ "lib/house/lamp.py": text }), "lib/house/lamp.py");

test.each([
  ["plain", "import house.lamp\nhouse.lamp.plain()"],
  ["read", "import house.lamp\nhouse.lamp.read(__import__('machine').I2C(0), bytearray(64))"],
  ["serve", 'import house.lamp, asyncio\nasyncio.run(house.lamp.serve("text"))'],
  ["Lamp.on", "import house.lamp\nhouse.lamp.Lamp(__import__('machine').Pin(0)).on()"],
  [
    "Lamp.fade",
    "import house.lamp, asyncio\nasyncio.run(house.lamp.Lamp(__import__('machine').Pin(0)).fade(1))",
  ],
  ["Bare.on", "import house.lamp\nhouse.lamp.Bare().on()"],
])("%s is called with what its parameters seem to be", (name, code) => {
  expect(directCall(module, name)).toBe(code);
});

test.each([
  "only",
  "Lamp.level",
  "Odd.on",
  "outer.inner",
  "wrapped",
  "Lamp",
  "missing",
  "Lamp.missing",
  "a.b.c",
])("%s is not called", (name) => {
  expect(directCall(module, name)).toBeNull();
});
