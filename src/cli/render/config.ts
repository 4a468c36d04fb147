import type { Config } from "../../app/config-schema.ts";
import { bold, type Canvas, dim, painted } from "./canvas.ts";

/** What a configuration says, key by key. `file`: null = only defaults and environment. */
export function configLines(file: string | null, config: Config, canvas: Canvas): string[] {
  const { boards, ...keys } = config;
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
    `  ${"boards".padEnd(width)}  ${boards.length === 0 ? dim(canvas, "none named") : boards.length}`,
    ...boards.map(({ port, serialNumber, ...own }) => {
      const said = flatten(own, []).map(([key, value]) => `${key} ${value}`);
      return `    ${[port ?? `serial number ${serialNumber}`, ...said].join(" · ")}`;
    }),
  ];
}

function flatten(value: object, path: readonly string[]): [key: string, value: string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null
      ? Array.isArray(inner)
        ? [
            [[...path, key].join("."), inner.length === 0 ? "none" : inner.join(", ")] satisfies [
              string,
              string,
            ],
          ]
        : flatten(inner, [...path, key])
      : [[[...path, key].join("."), String(inner)] satisfies [string, string]],
  );
}
