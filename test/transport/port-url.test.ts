import { expect, test } from "vitest";
import { canonicalPortUrl, parsePortUrl } from "../../src/transport/port-url.ts";

test.each([
  ["/dev/ttyACM0", { kind: "serial", path: "/dev/ttyACM0" }],
  ["serial:/dev/ttyACM0", { kind: "serial", path: "/dev/ttyACM0" }],
  ["serial:COM3", { kind: "serial", path: "COM3" }],
  ["tcp://127.0.0.1:4000", { kind: "tcp", host: "127.0.0.1", port: 4000 }],
  ["tcp://[::1]:4000", { kind: "tcp", host: "::1", port: 4000 }],
])("%s is read", (url, address) => {
  expect(parsePortUrl(url)).toEqual(address);
});

test.each(["", "ttyACM0", "serial:", "tcp://host", "tcp:4000", "http://x:1", "/dev/", "tcp://host:99999"])(
  "%j is refused with a hint",
  (url) => {
    expect(() => parsePortUrl(url)).toThrow("tcp://HOST:PORT");
  },
);

test("a bare path gets its scheme", () => {
  expect(canonicalPortUrl("/dev/ttyACM0")).toBe("serial:/dev/ttyACM0");
  expect(canonicalPortUrl("tcp://a:1")).toBe("tcp://a:1");
});
