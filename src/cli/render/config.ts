import { alertRules } from "../../app/alert-rules.ts";
import type { Config } from "../../app/config-schema.ts";
import { shownUrl } from "../../app/webhooks/shown-url.ts";
import { bold, type Canvas, dim, harmless, painted } from "./canvas.ts";

/** What a configuration says, key by key. `file`: null = only defaults and environment. */
export function configLines(file: string | null, config: Config, canvas: Canvas): string[] {
  const { boards, alerts, ...keys } = config;
  const rows = flatten(keys, []);
  const width = Math.max(...rows.map(([key]) => key.length));
  const verdict =
    file === null
      ? `${bold(canvas, "The environment")} is fine. In force, with the defaults:`
      : `${bold(canvas, file)} is fine. In force, with the environment:`;
  return [
    `${painted(canvas, "✓", { foreground: 36 })} ${verdict}`,
    "",
    ...rows.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`),
    ...alertLines(alerts, width, canvas),
    `  ${"boards".padEnd(width)}  ${boards.length === 0 ? dim(canvas, "none named") : boards.length}`,
    ...boards.map(({ port, serialNumber, ...own }) => {
      const said = flatten(own, []).map(([key, value]) => `${key} ${value}`);
      return `    ${[harmless(port ?? `serial number ${serialNumber}`), ...said].join(" · ")}`;
    }),
  ];
}

/** The rules in force and the webhooks, without their secrets. */
function alertLines(alerts: Config["alerts"], width: number, canvas: Canvas): string[] {
  const rules = alertRules(alerts).map(({ name, text, severity }) => ({
    name: harmless(name),
    text: harmless(text),
    severity,
  }));
  const nameWidth = Math.max(0, ...rules.map(({ name }) => name.length));
  const { webhooks } = alerts;
  return [
    `  ${"alerts".padEnd(width)}  ${rules.length === 0 ? dim(canvas, "no rules") : `${rules.length} rules`}`,
    ...rules.map(
      ({ name, text, severity }) => `    ${name.padEnd(nameWidth)}  ${severity.padEnd(8)}  ${text}`,
    ),
    `  ${"webhooks".padEnd(width)}  ${webhooks.length === 0 ? dim(canvas, "none") : webhooks.length}`,
    ...webhooks.map(({ url, secret, severities, timeoutSeconds }) => {
      const signed = secret === undefined ? "unsigned" : "signed";
      return `    ${[harmless(shownUrl(url)), signed, severities.join(", "), `timeout ${timeoutSeconds} s`].join(" · ")}`;
    }),
  ];
}

function flatten(value: object, path: readonly string[]): [key: string, value: string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null
      ? Array.isArray(inner)
        ? [
            [[...path, key].join("."), inner.length === 0 ? "none" : harmless(inner.join(", "))] satisfies [
              string,
              string,
            ],
          ]
        : flatten(inner, [...path, key])
      : [[[...path, key].join("."), harmless(String(inner))] satisfies [string, string]],
  );
}
