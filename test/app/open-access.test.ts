import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { listenAddress } from "../../src/app/listen-address.ts";
import { loadConfig } from "../../src/app/load-config.ts";
import { openAccess, openDoorProblem } from "../../src/app/open-access.ts";
import { createToken } from "../../src/app/token-file.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { ManualClock } from "../support/manual-clock.ts";

function configOf(settings: Readonly<Record<string, unknown>>) {
  const flags = Object.entries(settings).map(([key, value]) => ({ path: [key], value, origin: `--${key}` }));
  return loadConfig({ file: null, env: {}, flags });
}

const tokensFile = () => join(temporaryFolder(), "tokens.json");
const token = (file: string, expiresAt: string | null = null) =>
  createToken(file, { name: "phone", scope: "read", createdAt: "2026-11-01T00:00:00.000Z", expiresAt });

/** What comes of such a configuration: whether a token is needed, or why it does not start. */
function accessWith(settings: Readonly<Record<string, unknown>>) {
  try {
    return openAccess(configOf(settings), new ManualClock(), pino({ level: "silent" })).deps;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.each([
  ["127.0.0.1:7380", false, false],
  ["127.8.0.1:7380", false, false],
  ["[::1]:7380", false, false],
  ["localhost:7380", false, false],
  ["0.0.0.0:7380", true, true],
  ["[::]:7380", true, true],
  ["[0:0:0:0:0:0:0:0]:7380", true, true],
  ["192.168.1.20:7380", true, false],
  ["[fd00::1]:7380", true, false],
  ["[::ffff:127.0.0.1]:7380", true, false],
  // Whatever it stands for now.
  ["heap.lan:7380", true, false],
  ["0:7380", true, false],
])("%s is public: %s, every address: %s", (listen, isPublic, isWildcard) => {
  expect(listenAddress(listen)).toMatchObject({ isPublic, isWildcard, port: 7380 });
});

test.each(["0.0.0.0:7380", "[::]:7380", "192.168.1.20:7380", "heap.lan:7380"])(
  "%s needs a token that is valid now",
  (listen) => {
    const tokens = tokensFile();
    expect(accessWith({ listen, tokens })).toBe("address-public");
    token(tokens, "2026-11-22T17:00:00.000Z");
    expect(accessWith({ listen, tokens })).toBe("address-public");
    const others = tokensFile();
    token(others);
    expect(accessWith({ listen, tokens: others })).toMatchObject({ tokenRequired: true });
  },
);

test("on loopback a token is required only where somebody else may come", () => {
  const tokens = tokensFile();
  expect(accessWith({ tokens })).toMatchObject({ tokenRequired: false, anyIpHost: false });
  expect(accessWith({ tokens, requireToken: true })).toMatchObject({ tokenRequired: true });
  expect(accessWith({ tokens, allowedHosts: ["heap.lan"] })).toMatchObject({
    tokenRequired: true,
    allowedHosts: ["127.0.0.1", "heap.lan"],
  });
});

test("an address is a name of its own; all of them are none", () => {
  const tokens = tokensFile();
  token(tokens);
  expect(accessWith({ listen: "192.168.1.20:1", tokens })).toMatchObject({
    allowedHosts: ["192.168.1.20"],
    anyIpHost: false,
  });
  expect(accessWith({ listen: "0.0.0.0:1", tokens, allowedHosts: ["heap.lan"] })).toMatchObject({
    allowedHosts: ["heap.lan"],
    anyIpHost: true,
  });
});

test("a broken token file stops a daemon that needs it, and is news of one that does not", () => {
  const tokens = tokensFile();
  writeFileSync(tokens, "{", { mode: 0o600 });
  expect(accessWith({ tokens, requireToken: true })).toBe("token-file-unusable");
  expect(accessWith({ tokens, listen: "0.0.0.0:1" })).toBe("token-file-unusable");
  const access = openAccess(configOf({ tokens }), new ManualClock(), pino({ level: "silent" }));
  expect(access.lastError()).toMatchObject({ code: "token-file-unusable" });
  // Nothing is let in by a file that cannot be read.
  expect(access.deps.tokens()).toEqual([]);
  expect(openDoorProblem(configOf({ tokens }), new ManualClock())).toBeNull();
});

test("the refusal says what to do", () => {
  const problem = openDoorProblem(
    configOf({ listen: "0.0.0.0:7380", tokens: tokensFile() }),
    new ManualClock(),
  );
  expect(problem?.message).toMatch(
    /^0\.0\.0\.0:7380 can be reached from other machines, .*heapscope token create NAME/,
  );
  expect(problem?.exitCode).toBe(2);
});
