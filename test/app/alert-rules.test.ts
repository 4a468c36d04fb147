import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { defaultRules } from "../../src/alerts/default-rules.ts";
import { alertRules } from "../../src/app/alert-rules.ts";
import { loadConfig } from "../../src/app/load-config.ts";

const folder = mkdtempSync(join(tmpdir(), "heapscope-alerts-"));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string) {
  const file = join(folder, "h.yaml");
  writeFileSync(file, text);
  return loadConfig({ file, env: {}, flags: [] });
}

function problemsOf(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
  }
  return [];
}

const rulesOf = (text: string) => alertRules(load(text).alerts);

test("without a word about alerts the default rules are in force, for every board", () => {
  const rules = rulesOf("");
  expect(rules.map(({ name, text, severity }) => ({ name, when: text, severity }))).toEqual(defaultRules);
  expect(rules.every(({ appliesTo }) => appliesTo({ id: "/dev/ttyUSB0", name: "x" }))).toBe(true);
});

test("a rule comes beside the default ones, takes the place of its namesake, or switches it off", () => {
  const rules = rulesOf(`
alerts:
  rules:
    - { name: room, when: "freeBytes < 4 KiB", clear: 8 KiB, severity: info }
    - { name: leak, when: leakBytesPerHour > 50 B for 2 h }
    - { name: fragmented, severity: critical }
    - { name: rebooting, enabled: false }
`);
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  expect(named.get("room")).toMatchObject({ clear: 8192, severity: "info" });
  expect(named.get("leak")).toMatchObject({ text: "leakBytesPerHour > 50 B for 2 h", severity: "info" });
  expect(named.get("fragmented")).toMatchObject({
    text: expect.stringContaining("fragmentation >"),
    severity: "critical",
  });
  expect(named.has("rebooting")).toBe(false);
  expect(rules).toHaveLength(defaultRules.length);
});

test("alerts.defaults: false leaves only what is written", () => {
  expect(rulesOf("alerts: {defaults: false}")).toEqual([]);
  const [only] = rulesOf("alerts: {defaults: false, rules: [{name: x, when: missed}]}");
  expect(only).toMatchObject({ name: "x", severity: "warning", clear: null });
  const flags = { file: null, flags: [], env: { HEAPSCOPE_ALERTS_DEFAULTS: "false" } };
  expect(alertRules(loadConfig(flags).alerts)).toEqual([]);
});

test("boards are selected by id, name and wildcard; one that is not there is no problem", () => {
  const [rule] = rulesOf(
    'alerts: {defaults: false, rules: [{name: x, when: missed, boards: [E66*, greenhouse, "/dev/ttyUSB?"]}]}',
  );
  const applies = (id: string, name = id) => rule!.appliesTo({ id, name });
  expect([applies("e6614103e7452d2f"), applies("x", "greenhouse"), applies("/dev/ttyUSB3")]).toEqual([
    true,
    true,
    true,
  ]);
  expect([applies("f00"), applies("x", "greenhouse-2"), applies("/dev/ttyUSB10")]).toEqual([
    false,
    false,
    false,
  ]);
});

describe("what is wrong is named with file, line and column", () => {
  const rule = (text: string) => `alerts:\n  rules:\n    - name: x\n${text.replace(/^/gm, "      ")}\n`;
  test.each([
    [
      rule("when: freeBytes < 4 KiB for 3 weeks"),
      'h.yaml:4:37: alerts.rules[0].when: expected readings, s, min, h or d, not "weeks".',
    ],
    [rule("when: 'freeBytes < 4 KiB for 3 weeks'"), "h.yaml:4:38: alerts.rules[0].when:"],
    [
      rule('when: "freeBytes <"'),
      "h.yaml:4:25: alerts.rules[0].when: expected a number for freeBytes: bytes (B, KB, KiB or MiB); the rule ends here.",
    ],
    [rule("when: >-\n  freeBytes < 4 KiB\n  for 3 weeks"), "h.yaml:6:15: alerts.rules[0].when:"],
    [rule("when: utilization > 80"), "Did you mean 80 %?"],
    [rule("when: 5"), 'h.yaml:4:7: "alerts.rules[0].when" must be a text, not 5.'],
    [
      rule("severity: info"),
      'h.yaml:3:7: the key "when" is missing in alerts.rules[0]. Only a rule named like a default one may leave it out: little-room,',
    ],
    [
      rule("when: missed\nseverity: loud"),
      '"alerts.rules[0].severity" must be one of info, warning, critical, not "loud".',
    ],
    [rule("when: missed\nclear: 5"), "h.yaml:5:7: alerts.rules[0].clear is for rules that compare a figure."],
    [
      rule("when: freeBytes < 4 KiB\nclear: 2 KiB"),
      "h.yaml:5:7: alerts.rules[0].clear must not be below the threshold, 4096 bytes: the alert would end while its condition is met.",
    ],
    [
      rule("when: utilization > 0.5\nclear: 60 %"),
      "alerts.rules[0].clear must not be above the threshold, 0.5:",
    ],
    [
      rule("when: freeBytes < 4 KiB\nclear: 9 %"),
      'h.yaml:5:16: alerts.rules[0].clear: "%" is no unit of freeBytes',
    ],
    [
      rule("when: freeBytes < 4 KiB\nclear: [1]"),
      '"alerts.rules[0].clear" must be a text or a number, not [1].',
    ],
    [rule("when: missed\nboards: []"), "alerts.rules[0].boards"],
    [rule("wenn: missed"), 'unknown key "wenn". Did you mean "when"?'],
    [
      "alerts:\n  rules:\n    - {name: x, when: missed}\n    - {name: x, when: missed}",
      'h.yaml:4:8: the name "x" is already that of alerts.rules[0].',
    ],
    [
      "alerts: {webhooks: [{url: ftp://example.org}]}",
      "alerts.webhooks[0].url must be an http:// or https:// address.",
    ],
    [
      "alerts: {webhooks: [{url: http://a}, {url: http://a}]}",
      "h.yaml:1:39: this address is already that of alerts.webhooks[0].",
    ],
    ["alerts: 5", '"alerts" must be keys and values, not 5.'],
  ])("%j", (text, expected) => {
    expect(problemsOf(text).join()).toContain(expected);
  });

  test("without showing secrets", () => {
    const lines = [
      "alerts: {webhooks: [{url: htp://me:hunter22@example.org}]}",
      "alerts: {webhooks: [{url: http://a, secret: 12345678}]}",
      "alerts: {webhooks: [{url: http://a, secret: hunt22}]}",
      "alerts: {webhooks: http://a?token=hunter22}",
      "alerts: {webhooks: [http://a?token=hunter22]}",
    ].flatMap(problemsOf);
    expect(lines).toHaveLength(5);
    expect(lines.join()).not.toMatch(/hunt|12345678/);
  });
});
