import { expect, test } from "vitest";
import { daemonAddress } from "../../src/app/daemon-client.ts";

test.each([
  ["127.0.0.1:7481", "http://127.0.0.1:7481"],
  ["pi.local:80/", "http://pi.local:80/"],
  ["[::1]:7380", "http://[::1]:7380"],
  ["localhost", "http://localhost"],
  ["10.0.0.5", "http://10.0.0.5"],
  ["https://example.org", "https://example.org"],
  ["nonsense", "nonsense"],
  ["ftp://a:1", "ftp://a:1"],
])("the address %s is meant as %s", (url, meant) => {
  expect(daemonAddress({ url }, {}).url).toBe(meant);
});
