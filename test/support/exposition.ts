/** A strict reader of Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats). */

export interface Sample {
  /** With `_bucket`, `_sum` and `_count`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/**
 * The families by name. Throws an error that names the line where the text breaks the format, or one of these of ours:
 * HELP, then TYPE, then the samples of one family together; no series twice; counters, and nothing else, end in _total;
 * histograms are cumulative and end in +Inf, which equals their count.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<
    string,
    { -readonly [Key in keyof Family]: Family[Key] } & { samples: Sample[] }
  >();
  const series = new Set<string>();
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  let help: { readonly name: string; readonly text: string } | undefined;
  let open = "";
  for (const [index, line] of text.slice(0, -1).split("\n").entries()) {
    const fail = (what: string): never => {
      throw new Error(`line ${index + 1}: ${what}: ${line}`);
    };
    if (line === "") continue;
    const [, helpName, helpText] = /^# HELP ([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? [];
    if (helpName !== undefined && helpText !== undefined) {
      if (families.has(helpName)) fail("this family was there before");
      if (help !== undefined) fail("the HELP before has no TYPE");
      help = { name: helpName, text: unescaped(helpText) };
      continue;
    }
    const [, typeName, type] = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (typeName !== undefined) {
      if (help?.name !== typeName) fail("no HELP right before TYPE");
      if ((type === "counter") !== typeName.endsWith("_total"))
        fail("counters, and only they, end in _total");
      families.set(typeName, {
        name: typeName,
        help: help?.text ?? "",
        type: type as Family["type"],
        samples: [],
      });
      help = undefined;
      open = typeName;
      continue;
    }
    if (help !== undefined) fail("no TYPE after HELP");
    const sample = sampleOf(line) ?? fail("neither HELP, TYPE nor a sample");
    const family = families.get(open) ?? fail("a sample before any TYPE");
    const endings = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (!endings.some((ending) => sample.name === family.name + ending)) fail(`not a sample of ${open}`);
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (series.has(key)) fail("this series was there before");
    series.add(key);
    family.samples.push(sample);
  }
  if (help !== undefined) throw new Error("the last HELP has no TYPE");
  for (const family of families.values()) if (family.type === "histogram") checkHistogram(family);
  return families;
}

/** `name{label="value",…} number`, or undefined where the line is none. */
function sampleOf(line: string): Sample | undefined {
  const [head, name] = /^([a-zA-Z_:][\w:]*)/.exec(line) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const labels: Record<string, string> = Object.create(null);
  let at = head.length;
  if (line[at] === "{") {
    const label = /[{,]([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\n"])*)"/y;
    while (line[at] !== "}") {
      label.lastIndex = at;
      const [all, key, value] = label.exec(line) ?? [];
      if (all === undefined || key === undefined || value === undefined || key in labels) return undefined;
      labels[key] = unescaped(value);
      at += all.length;
    }
    at++;
  }
  const [, number] = /^ (-?[\d.]+(?:e[+-]?\d+)?|[+-]Inf|NaN|Nan)$/.exec(line.slice(at)) ?? [];
  return number === undefined ? undefined : { name, labels, value: numberOf(number) };
}

function numberOf(number: string): number {
  if (number === "+Inf") return Number.POSITIVE_INFINITY;
  return number === "-Inf" ? Number.NEGATIVE_INFINITY : Number(number);
}

function unescaped(text: string): string {
  return text.replace(/\\([\\n"])/g, (_all, letter: string) => (letter === "n" ? "\n" : letter));
}

function checkHistogram({ name, samples }: Family): void {
  const bySeries = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    bySeries.set(key, [...(bySeries.get(key) ?? []), sample]);
  }
  for (const [labels, all] of bySeries) {
    const buckets = all.filter((sample) => sample.name === `${name}_bucket`);
    const counts = buckets.map(({ value }) => value);
    const bounds = buckets.map(({ labels: { le = "" } }) => numberOf(le));
    const count = all.find((sample) => sample.name === `${name}_count`)?.value;
    const rises = (values: readonly number[]): boolean =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    const isWhole = all.some((sample) => sample.name === `${name}_sum`) && bounds.at(-1) === Infinity;
    if (!isWhole || !rises(counts) || !rises(bounds) || counts.at(-1) !== count) {
      throw new Error(`${name}${labels} is no histogram`);
    }
  }
}
