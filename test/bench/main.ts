import { type Bench, createReport } from "./harness.ts";

/**
 * All benches by name. `npx tsx test/bench/main.ts [NAME…]` runs those whose name holds one of the words. Each is loaded
 * when it is run: code that is merely loaded already changes what the compiler makes of another bench's loops.
 */
const benches: Readonly<Record<string, () => Promise<{ readonly run: Bench }>>> = {
  parse: () => import("./parse.bench.ts"),
  "what-if": () => import("./what-if.bench.ts"),
  exchange: () => import("./exchange.bench.ts"),
  fleet: () => import("./fleet.bench.ts"),
  reconnect: () => import("./reconnect.bench.ts"),
  append: () => import("./append.bench.ts"),
  series: () => import("./series.bench.ts"),
  metrics: () => import("./metrics.bench.ts"),
  feed: () => import("./feed.bench.ts"),
  dashboard: () => import("./dashboard.bench.ts"),
  idle: () => import("./idle.bench.ts"),
};

const wanted = process.argv.slice(2);
const report = createReport((line) => console.log(line));
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const { run } = await load();
  await run(report);
}
process.exitCode = report.missed() === 0 ? 0 : 1;
