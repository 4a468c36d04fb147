import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignDevice, isLineNoise } from "../../src/board/foreign-signs.ts";
import { bytesOf } from "../../src/shared/bytes.ts";

describe("foreignDevice", () => {
  test.each([
    ["$GNGGA,001043.00,4404.14036,N,12118.85961,W,1,12,0.98,1113.0,M,-21.3,M*47\r\n", "GPS"],
    ["\r\nNO CARRIER\r\n", "modem"],
    ["\r\n+CME ERROR: unknown\r\n", "modem"],
    ["ok T:21.3 /0.0 B:20.9 /0.0\n", "3D printer"],
    ["Grbl 1.1h ['$' for help]\r\n", "CNC"],
    ["Debian GNU/Linux 13 box ttyS0\n\nbox login: ", "Unix console"],
    ["root@box:~# ", "Unix console"],
  ])("%j", (text, device) => {
    expect(foreignDevice(text)).toContain(device);
  });

  test.each([
    "\r\n>>> ",
    "temperature 21\r\n",
    "MPY: soft reboot\r\n",
    'MicroPython v1.27.0\r\nType "help()" for more information.\r\n>>> ',
    'Traceback (most recent call last):\r\n  File "main.py", line 3\r\nValueError: error: 5\r\n',
    "--> ",
  ])("%j is none of them", (text) => {
    expect(foreignDevice(text)).toBeNull();
  });
});

describe("isLineNoise", () => {
  test("text is none, whatever its language", () => {
    expect(isLineNoise(bytesOf("\r\nhello\x1b[2J>>> "))).toBe(false);
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (text) => !isLineNoise(bytesOf(text.replaceAll("\0", ""))),
      ),
    );
  });

  test("text in UTF-8 that was cut at both ends is none", () => {
    const text = bytesOf("温度は二十度です");
    for (let from = 0; from < 3; from++)
      expect(isLineNoise(text.subarray(from, text.length - 1))).toBe(false);
  });

  test("what a UART makes of another baud rate is", () => {
    expect(isLineNoise(Uint8Array.of(0xff, 0x00, 0xfc, 0x80, 0x1c))).toBe(true);
    expect(isLineNoise(Uint8Array.of(0x00, 0x00, 0x00, 0x00))).toBe(true);
  });

  test("a byte or two say nothing", () => {
    expect(isLineNoise(Uint8Array.of(0xff, 0x00))).toBe(false);
  });
});
