import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { editorSchema } from "../../src/app/editor-schema.ts";
import { loadConfig } from "../../src/app/load-config.ts";

const folder = mkdtempSync(join(tmpdir(), "heapscope-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "heapscope.yaml");
  writeFileSync(path, text);
  return path;
}

function problemsOf(text: string): string[] {
  try {
    loadConfig({ file: file(text), env: {}, flags: [] });
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
  }
  return [];
}

test("nothing given means every default", () => {
  expect(loadConfig({ file: null, env: {}, flags: [] })).toEqual({
    listen: "127.0.0.1:7380",
    tokens: "~/.local/state/heapscope/tokens.json",
    requireToken: false,
    allowedHosts: [],
    database: "~/.local/state/heapscope/heapscope.db",
    autoAttach: true,
    emulate: 0,
    history: { eventDays: 90, minuteDays: 400, hourDays: 3650, maxMegabytes: 2000 },
    log: { level: "info", format: "auto" },
    sampling: {
      readIntervalSeconds: 10,
      collectIntervalSeconds: 60,
      mapIntervalSeconds: 300,
      mapSharePercent: 2,
      whenBusy: "skip",
      helper: "auto",
    },
    alerts: { defaults: true, rules: [], webhooks: [] },
    boards: [],
  });
});

test("an empty file is a valid one", () => {
  expect(loadConfig({ file: file(""), env: {}, flags: [] }).boards).toEqual([]);
});

test("the environment is stronger than the file, a flag stronger than both", () => {
  const sources = {
    file: file("listen: 127.0.0.1:1\nsampling:\n  readIntervalSeconds: 1\n  collectIntervalSeconds: 30\n"),
    env: { HEAPSCOPE_LISTEN: "127.0.0.1:2", HEAPSCOPE_SAMPLING_READ_INTERVAL_SECONDS: "2.5", PATH: "/bin" },
    flags: [{ path: ["listen"], value: "127.0.0.1:3", origin: "--listen" }],
  };
  const config = loadConfig(sources);
  expect(config.listen).toBe("127.0.0.1:3");
  expect(config.sampling).toMatchObject({ readIntervalSeconds: 2.5, collectIntervalSeconds: 30 });
});

describe("problems name file, line, column and key", () => {
  test.each([
    [
      "sampling:\n  readIntervallSeconds: 5",
      'heapscope.yaml:2:3: unknown key "readIntervallSeconds". Did you mean "readIntervalSeconds"?',
    ],
    ["frobnicate: 1", "heapscope.yaml:1:1: unknown key"],
    [
      "log:\n  level: loud",
      'heapscope.yaml:2:3: "log.level" must be one of trace, debug, info, warn, error, silent, not "loud".',
    ],
    ["boards:\n  - name: x", 'heapscope.yaml:2:5: the key "port" is missing in boards[0].'],
    ["boards:\n  - port: nowhere", 'heapscope.yaml:2:5: "nowhere" is not a port'],
    [
      "boards:\n  - port: /dev/a\n  - port: serial:/dev/a",
      "heapscope.yaml:3:5: serial:/dev/a is already boards[0].",
    ],
    [
      "boards:\n  - name: x\n  - port: /dev/a\n    serialNumber: b",
      'heapscope.yaml:2:5: the key "port" is missing in boards[0]. Say which board it is by "port" or by "serialNumber".',
    ],
    [
      "boards:\n  - port: /dev/a\n    serialNumber: b",
      'heapscope.yaml:2:5: boards[0] has both "port" and "serialNumber". Keep the one',
    ],
    [
      "boards:\n  - serialNumber: E66*\n  - serialNumber: e66*",
      "heapscope.yaml:3:5: serial number e66* is already boards[0].",
    ],
    [
      "boards:\n  - port: /dev/ttyUSB*\n  - port: serial:/dev/ttyUSB0",
      "heapscope.yaml:3:5: /dev/ttyUSB0 is never reached: boards[0] (/dev/ttyUSB*) matches it first. Put this entry before",
    ],
    [
      "boards:\n  - port: /dev/a\n    name: x\n  - port: /dev/b\n    name: x",
      'heapscope.yaml:5:5: the name "x" is already that of boards[0].',
    ],
    [
      "boards:\n  - port: /dev/a\n    consolePort: 4001\n  - port: /dev/b\n    consolePort: 4001",
      "heapscope.yaml:5:5: consolePort 4001 is already that of boards[0].",
    ],
    [
      "boards:\n  - port: /dev/ttyUSB*\n    consolePort: 4001",
      "heapscope.yaml:3:5: consolePort 4001 can be that of one board only, and /dev/ttyUSB* may match several. Give",
    ],
    [
      "listen: 127.0.0.1:4001\nboards:\n  - port: /dev/a\n    consolePort: 4001",
      "heapscope.yaml:4:5: consolePort 4001 is where heapscope itself listens.",
    ],
    ["emulate: many", 'heapscope.yaml:1:1: "emulate" must be a whole number, not "many".'],
    ["listen: everywhere", '"listen" must look like HOST:PORT, not "everywhere".'],
    [
      "allowedHosts:\n  - heap.lan\n  - https://heap.lan",
      'heapscope.yaml:3:5: "allowedHosts[1]" must be a host name or an IP address, without scheme, port, path or wildcard, not "https://heap.lan".',
    ],
    ['allowedHosts: ["heap.lan:7380"]', 'heapscope.yaml:1:16: "allowedHosts[0]" must be a host name'],
    ['allowedHosts: ["*"]', '"allowedHosts[0]" must be a host name'],
    ["allowedHosts: [7]", '"allowedHosts[0]" must be a text, not 7.'],
    ["allowedHosts: heap.lan", '"allowedHosts" must be a list, not "heap.lan".'],
    ["requireToken: sometimes", '"requireToken" must be true or false, not "sometimes".'],
    ['tokens: ":memory:"', 'heapscope.yaml:1:1: "tokens" must be a file'],
    ["database: /x/a.db\ntokens: /x/y/../a.db", 'heapscope.yaml:2:1: "tokens" and "database" are both'],
    ["listen: 127.0.0.1:99999", "heapscope.yaml:1:1: 99999 is no port number"],
    ["a: [1", "heapscope.yaml:1:"],
    ["just text", "heapscope.yaml:1:1: expected keys and values"],
    ["emulate: 65", 'heapscope.yaml:1:1: "emulate" must be at most 64, not 65.'],
    ["database: 5", '"database" must be a text, not 5.'],
    ['database: ""', '"database" must have at least 1 character, not "".'],
    ["autoAttach: maybe", '"autoAttach" must be true or false, not "maybe".'],
    ["boards: 5", '"boards" must be a list, not 5.'],
    [
      "boards:\n  - port: /dev/a\n    readIntervalSeconds: often",
      'heapscope.yaml:3:5: "boards[0].readIntervalSeconds" must be a number, not "often".',
    ],
    [
      "sampling: {helperRequest: ab}",
      '"sampling.helperRequest" must be one ASCII character other than Ctrl-C',
    ],
    [
      'sampling: {helperRequest: "\\x03"}',
      '"sampling.helperRequest" must be one ASCII character other than Ctrl-C',
    ],
    ["boards: [{port: /dev/a, helper: maybe}]", '"boards[0].helper" must be one of auto, only, off'],
    ["sampling: 5", '"sampling" must be keys and values, not 5.'],
  ])("%j", (text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });

  test("all of them at once", () => {
    expect(problemsOf("emulate: -1\nlisten: x\nboards:\n  - prt: /dev/a\n")).toHaveLength(4);
  });

  test("unusable values are named together with wrong types, in the order of the file's lines", () => {
    const text = [
      "boards:",
      "  - port: nowhere",
      "  - port: /dev/a",
      "    dtr: 1",
      "  - port: serial:/dev/a",
      "  - port: 7",
      "  - port: /dev/a",
      "sampling:",
      "  mapSharePercent: 101",
      "listen: 0.0.0.0:73800",
      "emulate: x",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^heapscope\.yaml:2:5: "nowhere" is not a port/),
      'heapscope.yaml:4:5: "boards[1].dtr" must be true or false, not 1.',
      "heapscope.yaml:5:5: serial:/dev/a is already boards[1].",
      'heapscope.yaml:6:5: "boards[3].port" must be a text, not 7.',
      "heapscope.yaml:7:5: serial:/dev/a is already boards[1].",
      'heapscope.yaml:9:3: "sampling.mapSharePercent" must be at most 100, not 101.',
      expect.stringMatching(/^heapscope\.yaml:10:1: 73800 is no port number/),
      'heapscope.yaml:11:1: "emulate" must be a whole number, not "x".',
    ]);
  });

  test("a file with very many problems has them all named", () => {
    const boards = Array.from({ length: 30 }, (_, index) => `  - {port: /dev/b${index}, dtr: 1}`);
    const places = problemsOf(`boards:\n${boards.join("\n")}\n`).map((line) => line.split(":")[1]);
    expect(places).toEqual(boards.map((_, index) => String(index + 2)));
  });

  test("a missing file is a clear sentence", () => {
    expect(() => loadConfig({ file: "/nowhere/h.yaml", env: {}, flags: [] })).toThrow(
      "/nowhere/h.yaml cannot be read: there is no such file.",
    );
  });

  test("a misspelt environment name and a bad flag are named as such", () => {
    const sources = {
      file: null,
      env: { HEAPSCOPE_LISTN: "x" },
      flags: [{ path: ["emulate"], value: -1, origin: "--emulate" }],
    };
    expect(() => loadConfig(sources)).toThrow(
      /^HEAPSCOPE_LISTN: no such setting[^\n]*\n--emulate: "emulate" must be at least 0, not -1\.$/,
    );
  });
});

test("boards may be named by wildcards, by serial number, and one of them before a wildcard that would match it", () => {
  const text = [
    "boards:",
    "  - {port: /dev/ttyUSB3, name: greenhouse, consolePort: 4001}",
    "  - {port: '/dev/ttyUSB[0-9]', dtr: false, rts: false}",
    "  - {port: /dev/serial/by-id/usb-Silicon_Labs_*, name: pump}",
    "  - {serialNumber: E66141*}",
    "  - {serialNumber: e6614103e7452d2f, consolePort: 4002}",
  ].join("\n");
  expect(problemsOf(text)).toEqual([]);
});

test("the commands' own variables are no settings, and those of access are", () => {
  const env = {
    HEAPSCOPE_TOKEN: "hs_x",
    HEAPSCOPE_CONFIG: "y",
    HEAPSCOPE_TOKENS: "/t.json",
    HEAPSCOPE_REQUIRE_TOKEN: "true",
  };
  expect(loadConfig({ file: null, env, flags: [] })).toMatchObject({ tokens: "/t.json", requireToken: true });
});

test("hosts may be names and addresses of both kinds", () => {
  expect(problemsOf('allowedHosts: [heap.lan, raspberrypi, 192.168.1.20, "fd00::1", "[fd00::2]"]')).toEqual(
    [],
  );
});

test("a list given by a flag is named by that flag", () => {
  const flags = [{ path: ["boards"], value: [{ port: "foo" }], origin: "--port" }];
  expect(() => loadConfig({ file: null, env: {}, flags })).toThrow(/^--port: "foo" is not a port/);
});

test("the commented example is valid and says the defaults", () => {
  const example = join(import.meta.dirname, "../../config/heapscope.example.yaml");
  const plain = loadConfig({ file: null, env: {}, flags: [] });
  expect(loadConfig({ file: example, env: {}, flags: [] })).toEqual(plain);
});

test("the boards, rules and webhooks in the commented example are valid when they are no longer comments", () => {
  const example = readFileSync(join(import.meta.dirname, "../../config/heapscope.example.yaml"), "utf8");
  const text = example
    .replace(/^( *(?:boards|rules|webhooks): )\[\]$/gm, "$1")
    .replace(/^#( {2,}[^#\s].*)$/gm, "$1");
  expect(problemsOf(text)).toEqual([]);
  const { boards, alerts } = loadConfig({ file: file(text), env: {}, flags: [] });
  expect(boards.length).toBeGreaterThan(3);
  expect([alerts.rules.length, alerts.webhooks.length]).toEqual([2, 1]);
});

test("the stored editor schema is the one the code makes (npm run schema writes it)", () => {
  const stored = readFileSync(join(import.meta.dirname, "../../config/heapscope.schema.json"), "utf8");
  expect(JSON.parse(stored)).toEqual(JSON.parse(JSON.stringify(editorSchema())));
});
