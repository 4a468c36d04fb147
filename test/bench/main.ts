import { run as exchange } from "./exchange.bench.ts";
import { type Bench, createReport } from "./harness.ts";
import { run as idle } from "./idle.bench.ts";
import { run as parse } from "./parse.bench.ts";

/** All benches by name. `npx tsx test/bench/main.ts [NAME…]` runs those whose name holds one of the words. */
const benches: Readonly<Record<string, Bench>> = { parse, exchange, idle };

const wanted = process.argv.slice(2);
const report = createReport((line) => console.log(line));
for (const [name, run] of Object.entries(benches))
  if (wanted.length === 0 || wanted.some((word) => name.includes(word))) await run(report);
process.exitCode = report.missed() === 0 ? 0 : 1;
