import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DaemonMetrics } from "../../../src/app/metrics/daemon-metrics.ts";
import { type Family, parseExposition } from "../../support/exposition.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { promtool, promtoolTest } from "../../support/promtool.ts";
import { sampleCollection, sampleMissed, sampleReading, sampleSnapshot } from "../../support/samples.ts";

const config = resolve(import.meta.dirname, "../../../config");
const text = (file: string): string => readFileSync(join(config, file), "utf8");

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
} = JSON.parse(text("grafana-dashboard.json"));
const rules: readonly { readonly alert: string; readonly expr: string }[] = parse(text("heapscope.rules.yml"))
  .groups[0].rules;

/** Every family with one board that has been through everything. */
async function allFamilies(): Promise<ReadonlyMap<string, Family>> {
  const metrics = new DaemonMetrics({
    clock: new ManualClock(),
    version: "0.1.0",
    boards: () => [sampleSnapshot()],
    feed: () => ({ clientCount: 0, waiting: 0, published: 0, cutOffs: 0 }),
    history: () => ({ waiting: 0, dropped: 0 }),
    firingAlerts: () => [],
  });
  metrics.noteReading(sampleReading({ phase: "after-collect" }));
  metrics.noteCollection(sampleCollection());
  metrics.noteMissed(sampleMissed());
  return parseExposition(await metrics.text());
}

/** What an expression asks for: names of metrics, and labels it matches by. */
function selectorsOf(expr: string): { readonly name: string; readonly labels: readonly string[] }[] {
  return [...expr.matchAll(/\b((?:heapscope|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = "", matchers = ""]) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label),
    }),
  );
}

const asked = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expr }))),
];

test.each(asked)("$where asks for metrics and labels that exist: $expr", async ({ expr }) => {
  const families = await allFamilies();
  const selectors = selectorsOf(expr);
  expect(selectors).not.toEqual([]);
  for (const { name, labels } of selectors) {
    // Prometheus' own.
    if (name === "up") continue;
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ""));
    const sample = family?.samples.find((one) => one.name === name);
    expect(sample, name).toBeDefined();
    for (const label of labels)
      expect(["instance", "job", ...Object.keys(sample?.labels ?? {})]).toContain(label);
  }
});

test("every panel has its place, its own title and the data source that the reader chooses", () => {
  const { panels, templating } = dashboard;
  expect(templating.list.map(({ name }) => name)).toEqual(["datasource", "instance", "board"]);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  for (const [index, { title, gridPos, datasource }] of panels.entries()) {
    expect(datasource.uid, title).toBe("$datasource");
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (const other of panels.slice(index + 1)) {
      const { x, y, w, h } = other.gridPos;
      const apart =
        x >= gridPos.x + gridPos.w || gridPos.x >= x + w || y >= gridPos.y + gridPos.h || gridPos.y >= y + h;
      expect(apart, `${title} and ${other.title}`).toBe(true);
    }
  }
});

describe("for promtool", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "heapscope-promtool-"));
    writeFileSync(join(folder, "heapscope.rules.yml"), text("heapscope.rules.yml"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  promtoolTest("the scrape configuration and the rules are valid, with a token and without", async () => {
    expect(promtool(["check", "config", join(config, "prometheus.yml")])).toMatchObject({ status: 0 });
    const token = join(folder, "token");
    writeFileSync(token, "secret");
    const withToken = text("prometheus.yml")
      .replace(/^( *)# (authorization:| {2}type: Bearer| {2}credentials_file:)/gm, "$1$2")
      .replace("credentials_file: /etc/prometheus/heapscope.token", `credentials_file: ${token}`);
    expect(parse(withToken).scrape_configs[0].authorization).toEqual({
      type: "Bearer",
      credentials_file: token,
    });
    const file = join(folder, "prometheus.yml");
    writeFileSync(file, withToken);
    expect(promtool(["check", "config", file])).toMatchObject({ status: 0 });
  });

  promtoolTest("the dashboard's expressions are PromQL", async () => {
    const record = dashboard.panels.flatMap(({ targets }) =>
      targets.map(({ expr }) =>
        expr.replaceAll("$__rate_interval", "5m").replace(/\$(instance|board)/g, ".*"),
      ),
    );
    const groups = [
      { name: "dashboard", rules: record.map((expr, index) => ({ record: `dashboard:${index}`, expr })) },
    ];
    const file = join(folder, "dashboard.yml");
    writeFileSync(file, JSON.stringify({ groups }));
    expect(promtool(["check", "rules", file])).toMatchObject({ status: 0 });
  });

  promtoolTest("a leak and an absent board fire, a heap that stays does not", async () => {
    const labels = 'job="heapscope",instance="here:7380"';
    const board = (name: string): string => `{${labels},board="${name}"}`;
    const tests = {
      rule_files: ["heapscope.rules.yml"],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: [
            { series: `heapscope_heap_total_bytes${board("leaky")}`, values: "200000x600" },
            { series: `heapscope_heap_total_bytes${board("calm")}`, values: "200000x600" },
            { series: `heapscope_heap_live_bytes${board("leaky")}`, values: "50000+100x600" },
            { series: `heapscope_heap_live_bytes${board("calm")}`, values: "150000x600" },
            { series: `heapscope_board_state{${labels},board="calm",state="disconnected"}`, values: "0x600" },
            { series: `heapscope_board_state{${labels},board="gone",state="disconnected"}`, values: "1x600" },
            { series: `heapscope_board_state{${labels},board="gone",state="ready"}`, values: "0x600" },
          ],
          alert_rule_test: [
            {
              alertname: "HeapscopeHeapLeaks",
              eval_time: "9h",
              exp_alerts: [expectedAlert("leaky", "HeapscopeHeapLeaks")],
            },
            {
              alertname: "HeapscopeBoardAway",
              eval_time: "11m",
              exp_alerts: [expectedAlert("gone", "HeapscopeBoardAway")],
            },
          ],
        },
      ],
    };
    const file = join(folder, "test.yml");
    writeFileSync(file, JSON.stringify(tests));
    expect(promtool(["test", "rules", file])).toMatchObject({
      status: 0,
      output: expect.stringContaining("SUCCESS"),
    });
  });
});

/** As promtool wants it: all labels of the alert, and its texts with the board's name filled in. */
function expectedAlert(board: string, alert: string) {
  const rule = parse(text("heapscope.rules.yml")).groups[0].rules.find(
    (one: { readonly alert: string }) => one.alert === alert,
  );
  const filled = (value: string): string => value.replaceAll("{{ $labels.board }}", board);
  const isByState = alert === "HeapscopeBoardAway";
  return {
    exp_labels: { ...rule.labels, board, instance: "here:7380", ...(isByState ? {} : { job: "heapscope" }) },
    exp_annotations: {
      summary: filled(rule.annotations.summary),
      description: filled(rule.annotations.description),
    },
  };
}
