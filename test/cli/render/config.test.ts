import { expect, test } from "vitest";
import { loadConfig } from "../../../src/app/load-config.ts";
import { configLines } from "../../../src/cli/render/config.ts";

const canvas = { columns: 120, color: false };

test("check-config shows the rules in force and the webhooks, but no secret", () => {
  const alerts = {
    rules: [
      { name: "room", when: "freeBytes < 4 KiB", severity: "info" },
      { name: "leak", enabled: false },
      { name: "red\u001b[31m\u009bx", when: "freeBytes < 1 KiB" },
    ],
    webhooks: [
      {
        url: "https://me:hunter22@example.org/hook?token=hunter22",
        secret: "hunter22",
        severities: ["critical"],
      },
    ],
  };
  const config = loadConfig({
    file: null,
    env: {},
    flags: [{ path: ["alerts"], value: alerts, origin: "--alerts" }],
  });
  const text = configLines("h.yaml", config, canvas).join("\n");
  expect(text).toMatch(/^ {2}alerts +11 rules$/m);
  expect(text).toMatch(/^ {4}room +info +freeBytes < 4 KiB$/m);
  expect(text).toMatch(/^ {4}little-room +warning +utilization > 90 % after collection/m);
  expect(text).toContain(" red\\x1b[31m\\x9bx ");
  expect(text).not.toContain("leak ");
  expect(text).toContain("    https://example.org/hook · signed · critical · timeout 10 s");
  expect(text).not.toContain("hunter22");
});
