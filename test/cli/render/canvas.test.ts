import { expect, test } from "vitest";
import { parseCount, parseSize } from "../../../src/cli/parse-size.ts";
import { canvasOf, painted, widthOf, wrapParts } from "../../../src/cli/render/canvas.ts";
import { apportion } from "../../../src/cli/render/heap-bar.ts";
import { serveSettings } from "../../../src/cli/serve-command.ts";
import { percentText, sizeText } from "../../../src/shared/units-text.ts";

const terminal = { isTTY: true, columns: 100 };

test.each([
  ["a terminal", terminal, {}, true],
  ["a pipe", {}, {}, false],
  ["NO_COLOR", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR, which means nothing", terminal, { NO_COLOR: "" }, true],
  ["FORCE_COLOR in a pipe", {}, { FORCE_COLOR: "1" }, true],
  ["FORCE_COLOR over NO_COLOR", terminal, { FORCE_COLOR: "3", NO_COLOR: "1" }, true],
  ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false],
  ["a dumb terminal", terminal, { TERM: "dumb" }, false],
])("colour with %s", (_, stream, env, color) => {
  expect(canvasOf(stream, env).color).toBe(color);
});

test("the width is the terminal's, else COLUMNS, else 80, and never absurdly small", () => {
  expect(canvasOf(terminal, { COLUMNS: "50" }).columns).toBe(100);
  expect(canvasOf({}, { COLUMNS: "50" }).columns).toBe(50);
  expect(canvasOf({}, { COLUMNS: "wide" }).columns).toBe(80);
  expect(canvasOf({ isTTY: true, columns: 0 }, {}).columns).toBe(80);
  expect(canvasOf({ isTTY: true, columns: 5 }, {}).columns).toBe(30);
});

test("colour codes take no room", () => {
  const text = painted({ columns: 80, color: true }, "abc", { foreground: 1, background: 2, bold: true });
  expect(text).not.toBe("abc");
  expect(widthOf(text)).toBe(3);
});

test("parts stay together unless one alone is too long", () => {
  expect(wrapParts(["aa bb", "cc dd", "ee"], 12, " · ")).toEqual(["aa bb", "cc dd · ee"]);
  expect(wrapParts(["x", "aa bb cc dd", "e"], 6, " · ")).toEqual(["x", "aa bb", "cc dd", "e"]);
});

test("a bar shows every share above zero and is exactly as long as asked for", () => {
  expect(apportion([1, 1, 1000], 10)).toEqual([1, 1, 8]);
  expect(apportion([0, 5, 5], 9)).toEqual([0, 5, 4]);
  expect(apportion([0, 0, 0], 9)).toEqual([0, 0, 0]);
});

test("sizes and shares for people", () => {
  expect([0, 1023, 1024, 245888, 8 * 1024 ** 2].map(sizeText)).toEqual([
    "0 B",
    "1023 B",
    "1.0 KiB",
    "240.1 KiB",
    "8.0 MiB",
  ]);
  expect([0, 0.0004, 0.25, 1].map(percentText)).toEqual(["0.0 %", "<0.1 %", "25.0 %", "100.0 %"]);
});

test("sizes on the command line: bytes, k and M, anything else is bad usage", () => {
  expect(["65536", "64k", "64K", "1M"].map((text) => parseSize(text, "--heap"))).toEqual([
    65536, 65536, 65536, 1048576,
  ]);
  for (const text of ["", "k", "64kb", "-1", "1.5M", "0x10"]) {
    expect(() => parseSize(text, "--heap")).toThrow(
      `--heap takes a size such as 65536, 64k or 1M, not "${text}"`,
    );
  }
  expect(() => parseCount("65", "--count", 1, 64)).toThrow('--count takes a number from 1 to 64, not "65"');
});

test("serve's flags become settings that name their flag", () => {
  expect(serveSettings({})).toEqual([]);
  expect(serveSettings({ port: ["/dev/a", "tcp://b:1"], emulate: "2", listen: "x" })).toEqual([
    { path: ["listen"], value: "x", origin: "--listen" },
    { path: ["emulate"], value: 2, origin: "--emulate" },
    { path: ["boards"], value: [{ port: "/dev/a" }, { port: "tcp://b:1" }], origin: "--port" },
  ]);
  expect(serveSettings({ emulate: "some" })[0]?.value).toBe("some");
});
